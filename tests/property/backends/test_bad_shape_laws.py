"""Whatever shapes a project holds, wherever people click: a posterior or a clear error."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.exemplar.classes import class_shapes
from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.shapes import Posterior, Proposal, ShapeMixture, shape_prior
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.backends.shapes.engine.weight_order import RANKED_FROM
from landmark_annotator.projects.vocabulary import Box, Evidence, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels

SEEDS = st.integers(0, 2**32 - 1)
SIZE = 6
BOX = Box(150, 150, 300, 300)
ANYWHERE = st.one_of(st.floats(0, 300), st.floats(-1e5, 1e5))
"""Pixels of an image of 300 x 300, and far outside."""
NAMES = [f"point {i}" for i in range(SIZE)]


def random_shapes(seed: int, count: int) -> Floats:
    random = np.random.default_rng(seed)
    mean = random.uniform(60, 240, (SIZE, 2))
    return np.asarray(mean + random.normal(0, 10, (count, SIZE, 2)))


def believed(shapes: Floats) -> Proposal:
    return Proposal(BOX, shape_prior([(BOX, Shape(points)) for points in shapes]), "prior")


def assert_shown(posterior: Posterior) -> None:
    """What is painted is finite, and every ellipse is one."""
    assert np.isfinite(posterior.points).all()
    assert np.isfinite(posterior.drops).all()
    assert (np.linalg.eigvalsh(posterior.covariances) >= -1e-6).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=SEEDS,
    count=st.integers(1, 5),
    widened=st.sampled_from([1.0, 1.5, 900.0, 1e6]),
    data=st.data(),
)
def test_clicks_anywhere_leave_something_to_show(
    seed: int, count: int, widened: float, data: st.DataObject
) -> None:
    proposal = replace(believed(random_shapes(seed, count)), widened=widened)
    clicks = [
        Evidence.click(
            data.draw(st.integers(0, SIZE - 1)),
            np.array([data.draw(ANYWHERE), data.draw(ANYWHERE)]),
            proposal.click_deviation,
        )
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    assert_shown(proposal.given(clicks))


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, far=st.sampled_from([0.0, 200.0, 1e5]), twice=st.booleans())
def test_clicks_anywhere_among_many_classes_leave_something_to_show(
    seed: int, far: float, twice: bool
) -> None:
    assert kernels.compile_now()
    random = np.random.default_rng(seed)
    shapes = BOX.to_frame(random_shapes(seed, RANKED_FROM)).astype(np.float32)
    mixture = ShapeMixture(random.normal(0, 3, len(shapes)), shapes, np.eye(2 * SIZE) * 0.02**2)
    proposal = Proposal(BOX, mixture, "exemplar")
    clicks = [Evidence.click(0, np.array([150.0 + far, 150.0]), proposal.click_deviation)]
    if twice:
        clicks.append(Evidence.click(0, np.array([150.0, 150.0 - far]), proposal.click_deviation))
    assert_shown(proposal.given(clicks))


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 5))
def test_with_all_landmarks_clicked_they_are_where_they_were_put(seed: int, count: int) -> None:
    proposal = believed(random_shapes(seed, count))
    truth = random_shapes(seed + 1, 1)[0]
    clicks = [Evidence.click(j, truth[j], proposal.click_deviation) for j in range(SIZE)]
    posterior = proposal.given(clicks)
    assert_shown(posterior)
    np.testing.assert_array_equal(posterior.points, truth)
    assert posterior.query is None


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 6))
def test_identical_shapes_are_a_prior_that_clicks_can_move(seed: int, count: int) -> None:
    same = np.repeat(random_shapes(seed, 1), count, axis=0)
    proposal = believed(same)
    assert_shown(proposal.given([]))
    np.testing.assert_allclose(proposal.given([]).points, same[0], atol=1e-6)
    aim = same[0, 0] + [5.0, 0.0]
    moved = proposal.given([Evidence.click(0, aim, proposal.click_deviation)])
    assert_shown(moved)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 5), data=st.data())
def test_shapes_with_gaps_are_a_prior_or_too_few(
    seed: int, count: int, data: st.DataObject
) -> None:
    shapes = random_shapes(seed, count)
    known = np.random.default_rng(data.draw(SEEDS)).random((count, SIZE)) < 0.6
    shapes[~known] = np.nan
    if known.any(axis=0).all():
        assert_shown(believed(shapes).given([]))
    else:
        with pytest.raises(TooFewLabels, match="labelled in none"):
            believed(shapes)


@given(bad=st.sampled_from([np.nan, np.inf, -np.inf]), axis=st.integers(0, 1))
def test_a_click_nowhere_is_refused(bad: float, axis: int) -> None:
    position = np.zeros(2)
    position[axis] = bad
    with pytest.raises(ActionableError, match="finite"):
        Evidence.click(0, position, 1.0)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 30), wanted=st.integers(1, 80), fill=st.booleans())
def test_more_classes_than_shapes_are_made_up_or_refused(
    seed: int, count: int, wanted: int, fill: bool
) -> None:
    shapes = BOX.to_frame(random_shapes(seed, count))
    scheme = Scheme("bare", tuple(NAMES))
    chosen = Settings(classes=wanted, fill=fill, seed=0)
    if wanted > count and not fill:
        with pytest.raises(TooFewLabels, match="classes were asked for"):
            class_shapes(shapes, scheme, chosen)
    else:
        classes, mirror = class_shapes(shapes, scheme, chosen)
        assert classes.shape == (wanted, SIZE, 2)
        assert np.isfinite(classes).all()
        assert mirror is None
