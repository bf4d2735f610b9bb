"""Classes that are not looked at: what they hold is bounded, and nothing that is seen depends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import Exemplars, ShapeMixture, condition
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.backends.shapes.engine.class_weights import SAMPLED
from landmark_annotator.backends.shapes.engine.weight_order import RANKED_FROM, SLACK, Ranking
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

SEEDS = st.integers(0, 2**32 - 1)
SIZE = 5
CLASSES = RANKED_FROM + 3000


def steep_mixture(seed: int, steepness: float, classes: int = CLASSES) -> ShapeMixture:
    """Most of the weight in few classes, and the more so the steeper."""
    random = np.random.default_rng(seed)
    root = random.normal(0, 0.02, (2 * SIZE, 2 * SIZE))
    shapes = random.normal(0, 0.1, (classes, SIZE, 2)).astype(np.float32)
    scores = random.normal(0, steepness, classes)
    return ShapeMixture(scores, shapes, root @ root.T + 1e-5 * np.eye(2 * SIZE))


def clicks_on(seed: int, count: int, far: float) -> list[Evidence]:
    random = np.random.default_rng(seed + 1)
    return [
        Evidence.click(int(j), random.normal(0, 0.1, 2) + far, 0.01)
        for j in random.choice(SIZE, count, replace=False)
    ]


STEEPNESS = st.sampled_from([0.1, 2.0, 5.0, 20.0])


@settings(max_examples=12, deadline=None)
@given(
    seed=SEEDS,
    steepness=STEEPNESS,
    count=st.integers(1, SIZE),
    far=st.sampled_from([0.0, 0.3, 10.0]),
    compiled=st.booleans(),
)
def test_leading_classes_hold_999_thousandths_of_the_exact_weight(
    seed: int, steepness: float, count: int, far: float, compiled: bool
) -> None:
    mixture, clicks = steep_mixture(seed, steepness), clicks_on(seed, count, far)
    if compiled:
        assert kernels.compile_now()
        posterior = condition(mixture, clicks)
        held = posterior.weights[posterior.leading].sum()
    else:
        with kernels.numpy_only():
            posterior = condition(mixture, clicks)
            held = posterior.weights[posterior.leading].sum()
    assert held >= 0.999 - 1e-6


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, count=st.integers(1, SIZE))
def test_pruning_moves_means_by_no_more_than_the_weight_it_leaves_out(
    seed: int, steepness: float, count: int
) -> None:
    """A thousandth of the widest distance between classes; in a face's box that is 0.0002 sides."""
    mixture = steep_mixture(seed, steepness, RANKED_FROM - 1)
    posterior = condition(mixture, clicks_on(seed, count, 0.0))
    means = posterior.means()
    exact = np.einsum("k,kla->la", posterior.weights, means)
    widest = np.ptp(means, axis=0)
    assert (np.abs(posterior.mean - exact) <= 1.001e-3 * widest + 1e-6).all()


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, count=st.integers(1, SIZE))
def test_a_sample_of_the_light_classes_moves_means_by_few_standard_errors(
    seed: int, steepness: float, count: int
) -> None:
    """Of what the classes with less than 1 / SAMPLED hold; besides, SLACK is not looked at."""
    posterior = condition(steep_mixture(seed, steepness), clicks_on(seed, count, 0.0))
    weights, means = posterior.weights, posterior.means()
    exact = np.einsum("k,kla->la", weights, means)
    squares = ((means - exact) ** 2).sum(axis=2)
    widest = np.ptp(means, axis=0).max()
    light = np.where(weights < 1 / SAMPLED, weights, 0.0)
    away = np.linalg.norm(posterior.mean - exact, axis=1)
    assert (away <= 6 * np.sqrt(light @ squares / SAMPLED) + SLACK * widest + 1e-6).all()
    between = np.trace(posterior.landmark_covariances - residual_blocks(posterior), 0, 1, 2)
    spread = 6 * np.sqrt(light @ squares**2 / SAMPLED) + SLACK * widest**2 + 1e-6
    assert (np.abs(between - weights @ squares) <= spread).all()


def residual_blocks(mixture: ShapeMixture) -> Floats:
    blocks = mixture.residual.reshape(SIZE, 2, SIZE, 2)
    return np.asarray(np.einsum("iaib->iab", blocks))


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, count=st.integers(1, SIZE))
def test_a_sample_has_every_heavy_class_and_not_many_others(
    seed: int, steepness: float, count: int
) -> None:
    posterior = condition(steep_mixture(seed, steepness), clicks_on(seed, count, 0.0))
    classes, weights = posterior.representative
    heavy = np.flatnonzero(posterior.weights > 1.001 / (1 - SLACK) / SAMPLED)
    assert np.isin(heavy, classes).all()
    assert len(classes) <= 1.1 * SAMPLED
    assert (np.diff(np.sort(classes)) > 0).all()
    assert weights.sum() == pytest.approx(1)


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, count=st.integers(1, SIZE))
def test_the_compiled_sample_is_that_of_numpy(seed: int, steepness: float, count: int) -> None:
    """But for classes at the very edge of being taken."""
    assert kernels.compile_now()
    clicks = clicks_on(seed, count, 0.0)
    compiled, _ = condition(steep_mixture(seed, steepness), clicks).representative
    with kernels.numpy_only():
        plain, _ = condition(steep_mixture(seed, steepness), clicks).representative
    assert len(np.setxor1d(compiled, plain)) <= 2


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, enough=st.floats(-30.0, 0.0))
def test_the_classes_after_the_first_hold_no_more_than_it_says(
    seed: int, steepness: float, enough: float
) -> None:
    mixture = steep_mixture(seed, steepness)
    ranking = Ranking(mixture.exemplars, mixture.log_weights)
    first = ranking.until(enough)
    assert first.beyond <= enough + 1e-9
    for some in (first, ranking.probe()):
        if some.classes is not None:
            assert (some.log_weights == mixture.log_weights[some.classes]).all()
            outside = np.delete(mixture.weights, some.classes).sum()
            assert outside <= np.exp(some.beyond) * (1 + 1e-9)
    assert SLACK < 0.001


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_coordinates_of_the_first_classes_are_theirs_however_they_were_asked_for(
    seed: int, data: st.DataObject
) -> None:
    mixture = steep_mixture(seed, 5.0)
    ranking = Ranking(mixture.exemplars, mixture.log_weights)
    for _ in range(4):
        first = ranking.until(data.draw(st.floats(-20.0, 0.0)))
        wanted = data.draw(st.lists(st.integers(0, 2 * SIZE - 1), min_size=1, unique=True))
        columns, places = ranking.columns(first, np.array(wanted))
        chosen = np.arange(CLASSES) if first.classes is None else first.classes
        found = columns[places, : len(chosen)]
        assert (found == mixture.exemplars.columns[wanted][:, chosen]).all()


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, count=st.integers(1, SIZE))
def test_weights_in_the_order_of_the_leading_classes_are_those_of_all(
    seed: int, steepness: float, count: int
) -> None:
    posterior = condition(steep_mixture(seed, steepness), clicks_on(seed, count, 0.0))
    exact = posterior.weights[posterior.leading]
    assert (np.diff(exact) <= 1e-6).all()


@pytest.mark.parametrize("count", [RANKED_FROM - 1, RANKED_FROM])
def test_classes_without_weight_never_lead(count: int) -> None:
    random = np.random.default_rng(0)
    scores = np.where(np.arange(count) % 2 == 0, -np.inf, 0.0)
    exemplars = Exemplars(random.normal(0, 0.1, (count, 2, 2)).astype(np.float32))
    posterior = condition(
        ShapeMixture(scores, exemplars, np.eye(4) * 0.01), [Evidence.click(0, np.zeros(2), 0.1)]
    )
    assert (posterior.leading % 2 == 1).all()
