"""A label agrees with the error of the model that proposed it; truths as they may be do not."""

import math
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.plausible_truths import plausible_truths
from landmark_annotator.annotator.session.simulation.simulated_annotator import label_worst_first
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.gaussian_fit import smooth_covariance
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Scheme, Shape

BOX, LENGTH, OFF = Box(100, 100, 200, 200), 100.0, 2.3
LANDMARKS, CLICKED = 40, 3
OFF_SQUARED = OFF**2 * 4 / math.pi
RANDOM = np.random.default_rng(0)
TRUTHS = [RANDOM.uniform(30, 170, (LANDMARKS, 2)) for _ in range(20)]
OWN = np.eye(2 * LANDMARKS) * 1e-4


def errors(percent: float) -> np.ndarray:
    """(L, 2) pixels of a mean length of so many percent."""
    return RANDOM.normal(0, percent / 100 * LENGTH / 1.2533, (LANDMARKS, 2))


def proposed(points: np.ndarray, covariance: np.ndarray = OWN, box: Box = BOX) -> Proposal:
    return Proposal(box, ShapeMixture(np.zeros(1), box.to_frame(points)[None], covariance), "test")


def accepted(proposal: Proposal, truth: np.ndarray) -> Shape:
    """Three landmarks clicked, all others as they were then."""
    clicks = [Evidence.click(j, truth[j], 0.1) for j in range(CLICKED)]
    marks = [Provenance.CLICKED if j < CLICKED else Provenance.INFERRED for j in range(LANDMARKS)]
    return Shape(proposal.given(clicks).points, None, marks)


MAKER = [proposed(truth + errors(OFF)) for truth in TRUTHS]
LABELS = [accepted(proposal, truth) for proposal, truth in zip(MAKER, TRUTHS, strict=True)]


def drawn(proposal: Proposal, label: Shape, seed: int = 0) -> np.ndarray:
    return plausible_truths(proposal, label, LENGTH, OFF, np.random.default_rng(seed), 1)[0]


def apart(points: np.ndarray, others: np.ndarray) -> float:
    """Mean square in squared percent over the landmarks that nobody placed."""
    return float(np.mean(((points - others)[CLICKED:] ** 2).sum(axis=1)) * (100 / LENGTH) ** 2)


def estimated(proposals: list[Proposal]) -> float:
    """Squared percent that a model seems to be off by."""
    return float(
        np.mean(
            [
                apart(one.given([]).points, drawn(one, label, seed))
                for seed, (one, label) in enumerate(zip(proposals, LABELS, strict=True))
            ]
        )
    )


def test_what_people_placed_is_where_they_placed_it() -> None:
    truth = drawn(MAKER[0], LABELS[0])
    np.testing.assert_array_equal(truth[:CLICKED], LABELS[0].points[:CLICKED])
    assert (truth[CLICKED:] != LABELS[0].points[CLICKED:]).all()


@pytest.mark.parametrize("mark", [Provenance.CLICKED, Provenance.IMPORTED])
def test_labels_by_hand_or_from_files_are_the_truth(mark: Provenance) -> None:
    label = Shape(TRUTHS[0]).with_provenance(mark)
    np.testing.assert_array_equal(drawn(MAKER[0], label), TRUTHS[0])


def test_a_landmark_without_a_position_gets_none() -> None:
    points = LABELS[0].points.copy()
    points[-1] = np.nan
    truth = drawn(MAKER[0], Shape(points, None, [*LABELS[0].provenance[:-1], None]))
    assert np.isnan(truth[-1]).all()
    assert np.isfinite(truth[:-1]).all()


@pytest.mark.parametrize("own", [0.0, 1.0, OFF, 8.0])
def test_the_label_is_off_by_the_same_whoever_is_judged(own: float) -> None:
    off = [
        apart(label.points, drawn(proposed(label.points + errors(own)), label, seed))
        for seed, label in enumerate(LABELS)
    ]
    assert np.mean(off) == pytest.approx(OFF_SQUARED, rel=0.05)


def test_whoever_proposed_the_labels_is_as_far_off_as_they_are() -> None:
    assert estimated(MAKER) == pytest.approx(OFF_SQUARED, rel=0.02)


@pytest.mark.parametrize("shared", [0.6, 0.8, 1.0])
def test_a_model_as_good_as_the_labels_is_as_far_off_as_they_are(shared: float) -> None:
    """Of its squared error it has so much in common with them."""
    others = []
    for label, truth in zip(LABELS, TRUTHS, strict=True):
        own = np.sqrt(1 - shared**2) * errors(OFF)
        others.append(proposed(truth + shared * (label.points - truth) + own))
    assert estimated(others) == pytest.approx(OFF_SQUARED, rel=0.15)


def test_a_model_that_is_farther_from_the_labels_is_as_far_off_as_it_seems() -> None:
    worse = [proposed(label.points + errors(8.0)) for label in LABELS]
    seems = np.mean(
        [apart(p.given([]).points, label.points) for p, label in zip(worse, LABELS, strict=True)]
    )
    assert estimated(worse) == pytest.approx(float(seems), rel=0.05)


def test_the_error_is_one_that_the_model_expects() -> None:
    """Of a model that is sure of half of the landmarks, in the others."""
    deviations = np.full(LANDMARKS, 1e-3)
    deviations[20:] = 0.1
    sure = proposed(LABELS[0].points, np.diag(np.repeat(deviations**2, 2)))
    off = np.linalg.norm(drawn(sure, LABELS[0]) - LABELS[0].points, axis=1)
    assert off[20:].mean() > 20 * off[CLICKED:20].mean()


@pytest.mark.parametrize("turns", [(0.0,), (math.pi, 0.0)])
def test_it_errs_along_the_axes_of_its_box(turns: tuple[float, ...]) -> None:
    """Whether the angle of that is known or follows from what was placed."""
    covariance = np.diag(np.tile([1e-2, 1e-6], LANDMARKS))
    up = replace(BOX, angle=math.pi / 2)
    model = replace(proposed(LABELS[0].points, covariance, up), turns=turns)
    across, along = np.abs(drawn(model, LABELS[0]) - LABELS[0].points)[CLICKED:].mean(axis=0)
    assert along > 20 * across


def test_models_that_are_equally_good_cost_the_same_whoever_proposed_the_labels() -> None:
    """And what they cost by the truth, which nobody knows. Half of what they err by is in common,
    as of models of the same images."""
    scheme = Scheme("test", [f"{j}" for j in range(LANDMARKS)])
    grid = np.stack(np.meshgrid(np.linspace(40, 160, 8), np.linspace(40, 160, 5)), axis=-1)
    truth = grid.reshape(-1, 2)
    covariance = smooth_covariance(BOX.to_frame(truth), np.full(LANDMARKS, 0.02))
    root = 200 * np.linalg.cholesky(covariance / 2)
    random = np.random.default_rng(1)
    costs: dict[str, list[int]] = {"maker": [], "other": [], "truly": []}
    for seed in range(40):
        common, *own = (root @ random.normal(size=(3, 2 * LANDMARKS, 1))).reshape(3, -1, 2)
        maker, other = (proposed(truth + common + error, covariance) for error in own)
        noise, again = random.normal(size=(2, *truth.shape))
        made = label_worst_first(maker, truth, scheme, LENGTH, noise)
        costs["truly"].append(made.clicks)
        for name, model in (("maker", maker), ("other", other)):
            draws = np.random.default_rng((2, seed))
            [may_be] = plausible_truths(model, made.shape, LENGTH, 2.5, draws, 1)
            costs[name].append(label_worst_first(model, may_be, scheme, LENGTH, again).clicks)
    mean = {name: float(np.mean(found)) for name, found in costs.items()}
    assert mean["truly"] > 3
    assert mean["maker"] == pytest.approx(mean["truly"], rel=0.25)
    assert mean["other"] == pytest.approx(mean["truly"], rel=0.25)
