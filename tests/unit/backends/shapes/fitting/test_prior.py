import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.projects.vocabulary import Box, Evidence, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import TooFewLabels

BOX = Box(100, 100, 100, 100)
RING = BOX.to_image(
    np.stack([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 12, endpoint=False)]) * 0.45
)


def labelled(count: int, seed: int = 0) -> list[tuple[Box, Shape]]:
    """Rings whose size varies by a tenth from one to the next."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        points = (RING - 100) * np.exp(random.normal(0, 0.1)) + 100
        found.append((BOX, Shape(points + random.normal(0, 0.3, RING.shape))))
    return found


def error(points: Floats, truth: Floats) -> float:
    return float(np.linalg.norm(points - truth, axis=1).mean())


def test_no_label_is_too_few() -> None:
    with pytest.raises(TooFewLabels, match="none of 1 shape"):
        shape_prior([(BOX, Shape(np.full((12, 2), np.nan)))])


def test_from_one_shape_a_click_moves_the_neighbours_along() -> None:
    proposal = Proposal(BOX, shape_prior(labelled(1)), "prior")
    before = proposal.given([]).points
    click = Evidence.click(0, before[0] + [8.0, 0.0], proposal.click_deviation)
    moved = proposal.given([click]).points - before
    assert moved[0].tolist() == pytest.approx([8.0, 0.0])
    assert moved[1, 0] > 2.0
    assert np.linalg.norm(moved[1]) > np.linalg.norm(moved[6])


def test_from_many_shapes_one_click_tells_the_size() -> None:
    proposal = Proposal(BOX, shape_prior(labelled(60)), "prior")
    truth = (RING - 100) * 1.25 + 100
    before, after = (
        proposal.given(clicks).points
        for clicks in ([], [Evidence.click(3, truth[3], 0.3), Evidence.click(9, truth[9], 0.3)])
    )
    assert error(after, truth) < 0.1 * error(before, truth)


def test_missing_landmarks_are_learnt_from_the_shapes_that_have_them() -> None:
    random = np.random.default_rng(3)
    partial = []
    for box, shape in labelled(80):
        points = shape.points.copy()
        points[random.choice(12, 4, replace=False)] = np.nan
        partial.append((box, Shape(points)))
    full = shape_prior(labelled(80))
    gappy = shape_prior(partial)
    np.testing.assert_allclose(gappy.mean, full.mean, atol=0.01)
    assert np.linalg.norm(gappy.residual - full.residual) < 0.25 * np.linalg.norm(full.residual)


def test_predicted_error_falls_with_clicks() -> None:
    scheme = Scheme("ring", tuple(f"p{i}" for i in range(12)))
    proposal = Proposal(BOX, shape_prior(labelled(30)), "prior")
    clicks = [Evidence.click(j, RING[j], 0.3) for j in (0, 4, 8)]
    errors = [proposal.given(clicks[:n]).predicted_error(scheme, BOX) for n in range(4)]
    assert errors == sorted(errors, reverse=True)


def test_a_clicked_landmark_is_not_asked_for_again() -> None:
    proposal = Proposal(BOX, shape_prior(labelled(30)), "prior")
    asked: list[int] = []
    for _ in range(12):
        posterior = proposal.given([Evidence.click(j, RING[j], 0.3) for j in asked])
        assert posterior.query is not None
        asked.append(posterior.query)
    assert sorted(asked) == list(range(12))
    assert proposal.given([Evidence.click(j, RING[j], 0.3) for j in asked]).query is None


def lying(turn: float, count: int = 4) -> list[tuple[Box, Shape]]:
    """Shapes with a left and a right side, all turned by so much."""
    upright = np.array([[0.0, -40.0], [-18.0, 10.0], [18.0, 10.0], [0.0, 45.0]])
    cos, sin = np.cos(turn), np.sin(turn)
    points = upright @ np.array([[cos, sin], [-sin, cos]]) + 100
    random = np.random.default_rng(2)
    return [(BOX, Shape(points + random.normal(0, 1, (4, 2)))) for _ in range(count)]


@pytest.mark.parametrize("turn", [0.0, np.pi / 2, np.pi, -np.pi / 2, 0.9])
def test_objects_with_sides_keep_their_shape_however_all_of_them_lie(turn: float) -> None:
    """Of a mouse that lies across the picture and its mirror image the mean is no mouse."""
    scheme = Scheme("mouse", ("nose", "left", "right", "tail"), partners=((1, 2),))
    examples = lying(turn)
    mean = BOX.to_image(shape_prior(examples, scheme).mean)
    truth = np.mean([shape.points for _, shape in examples], axis=0)
    assert error(mean, truth) < 3.0


@pytest.mark.parametrize("turn", [0.0, np.pi / 2])
def test_shapes_are_as_likely_as_their_mirror_images_along_either_axis(turn: float) -> None:
    scheme = Scheme("mouse", ("nose", "left", "right", "tail"), partners=((1, 2),))
    prior = shape_prior(lying(turn), scheme)
    across = [-1.0, 1.0] if turn == 0.0 else [1.0, -1.0]
    np.testing.assert_allclose(prior.mean[list(scheme.mirror)] * across, prior.mean, atol=1e-9)
