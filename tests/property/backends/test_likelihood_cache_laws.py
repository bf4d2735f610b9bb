"""What a mixture keeps from one click to the next changes no answer."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import ShapeMixture, condition
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.projects.vocabulary import Evidence
from tests.property.backends.test_weight_order_laws import SEEDS, SIZE, STEEPNESS, steep_mixture

HANDS = st.lists(
    st.tuples(st.sampled_from(["click", "drag", "undo"]), st.integers(0, SIZE - 1)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, steepness=STEEPNESS, hands=HANDS, compiled=st.booleans())
def test_clicks_drags_and_undos_lead_where_the_same_clicks_lead_at_once(
    seed: int, steepness: float, hands: list[tuple[str, int]], compiled: bool
) -> None:
    if compiled:
        assert kernels.compile_now()
        _walk(seed, steepness, hands)
    else:
        with kernels.numpy_only():
            _walk(seed, steepness, hands)


def _walk(seed: int, steepness: float, hands: list[tuple[str, int]]) -> None:
    mixture = steep_mixture(seed, steepness)
    random = np.random.default_rng(seed + 1)
    clicks: dict[int, Evidence] = {}
    for kind, landmark in hands:
        if kind == "undo" and clicks:
            clicks.popitem()
        elif kind == "drag" and clicks:
            last = next(reversed(clicks.values()))
            clicks[last.landmark] = _near(last.position, last.landmark, random)
        else:
            clicks.pop(landmark, None)
            clicks[landmark] = _near(np.zeros(2), landmark, random)
        evidence = list(clicks.values())
        walked, fresh = condition(mixture, evidence), condition(_again(mixture), evidence)
        assert fresh.weights[walked.leading].sum() >= 0.999 - 1e-6
        assert walked.leading[0] == fresh.leading[0]
        # Where more classes were looked at before, others of the light ones stand for them.
        np.testing.assert_allclose(walked.mean, fresh.mean, atol=5e-3)


def _near(position: np.ndarray, landmark: int, random: np.random.Generator) -> Evidence:
    return Evidence.click(landmark, position + random.normal(0, 0.05, 2), 0.01)


def _again(mixture: ShapeMixture) -> ShapeMixture:
    """The same, but nothing has ever been asked of it."""
    return ShapeMixture(mixture.log_weights, mixture.exemplars, mixture.residual)


def test_what_is_not_known_yet_comes_last() -> None:
    mixture = steep_mixture(3, 0.1)
    random = np.random.default_rng(3)
    first, second, third = (_near(np.zeros(2), j, random) for j in (4, 2, 0))
    _ = condition(mixture, [first, second]).mean
    posterior = condition(mixture, [third, second, first])
    assert posterior.shift.rows.tolist() == [4, 5, 8, 9, 0, 1]
