"""How long errors go on, read off made-up clips in which it is known."""

import numpy as np
import pytest

from landmark_annotator.backends.tracking import Persistence
from landmark_annotator.backends.tracking.persistence import flow_factors, persistence
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, LANDMARKS = 400, 30


def _in_a_row(rate: float, random: np.random.Generator) -> Floats:
    """(T, L, 2) standard normals, each like the one before it."""
    fresh = random.normal(size=(FRAMES, LANDMARKS, 2))
    for t in range(1, FRAMES):
        fresh[t] = rate * fresh[t - 1] + np.sqrt(1 - rate**2) * fresh[t]
    return fresh


def _found(slow: float, claimed: float = 1.0, *, untold: bool = False) -> Persistence:
    """Proposals that are off by four pixels, flow that is off by a tenth of one."""
    random = np.random.default_rng(1)
    errors = np.sqrt(slow) * _in_a_row(0.998, random)
    errors += np.sqrt(1 - slow) * random.normal(size=(FRAMES, LANDMARKS, 2))
    moves = np.diff(4 * errors, axis=0)
    steps = random.normal(0, 0.1, moves.shape)
    own = np.full((FRAMES, LANDMARKS), (4 * claimed) ** 2)
    return persistence(steps, np.full(moves.shape[:2], 0.01), moves, own, untold=untold)


@pytest.mark.parametrize("slow", [0.2, 0.5])
def test_the_share_that_stays_is_found(slow: float) -> None:
    assert _found(slow).slow == pytest.approx(slow, abs=0.01)


def test_proposals_that_claim_too_much_are_found_out() -> None:
    assert _found(0.2, claimed=0.5).widening == pytest.approx(4.0, rel=0.01)


@pytest.mark.parametrize(("untold", "widening"), [(False, 1.0), (True, 0.1)])
def test_proposals_claim_too_little_only_where_no_label_has_told(
    untold: bool, widening: float
) -> None:
    assert _found(0.2, claimed=np.sqrt(10), untold=untold).widening == widening


def test_in_frames_that_are_all_the_same_errors_stay_as_far_as_they_are_ever_taken_to() -> None:
    nothing = np.zeros((FRAMES - 1, LANDMARKS, 2))
    own = np.full((FRAMES, LANDMARKS), 16.0)
    found = persistence(nothing, np.full(nothing.shape[:2], 0.01), nothing, own)
    assert found.slow == 0.5


def test_without_flow_nothing_is_concluded() -> None:
    nothing = np.full((FRAMES - 1, LANDMARKS), np.inf)
    moves = np.ones((FRAMES - 1, LANDMARKS, 2))
    assert persistence(moves, nothing, moves, np.ones((FRAMES, LANDMARKS))) == Persistence()


def test_flow_that_misses_one_landmark_is_doubted_there_alone() -> None:
    """One landmark goes back and forth, and flow says that it rests."""
    random = np.random.default_rng(2)
    moves = random.normal(0, 0.2, (FRAMES - 1, LANDMARKS, 2))
    moves[:, 3] = 20.0 * np.sign(np.sin(np.arange(FRAMES - 1)))[:, None]
    nothing, sure = np.zeros_like(moves), np.full(moves.shape[:2], 0.1)
    own = np.full((FRAMES, LANDMARKS), 0.1)
    factors = flow_factors(nothing, sure, moves, own, Persistence())
    assert factors[3] > 50
    assert np.delete(factors, 3).max() < 5
