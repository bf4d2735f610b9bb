"""How long errors go on, read off made-up clips in which it is known."""

import numpy as np
import pytest

from backends.tracking import Persistence
from backends.tracking.persistence import persistence
from projects.vocabulary.arrays import Floats

FRAMES, LANDMARKS = 400, 30


def _in_a_row(rate: float, random: np.random.Generator) -> Floats:
    """(T, L, 2) standard normals, each like the one before it."""
    fresh = random.normal(size=(FRAMES, LANDMARKS, 2))
    for t in range(1, FRAMES):
        fresh[t] = rate * fresh[t - 1] + np.sqrt(1 - rate**2) * fresh[t]
    return fresh


def _found(slow: float, fast_rate: float, claimed: float = 1.0) -> Persistence:
    """Proposals that are off by four pixels, flow that is off by a tenth of one."""
    random = np.random.default_rng(1)
    errors = np.sqrt(slow) * _in_a_row(0.998, random)
    errors += np.sqrt(1 - slow) * _in_a_row(fast_rate, random)
    moves = np.diff(4 * errors, axis=0)
    steps = random.normal(0, 0.1, moves.shape)
    own = np.full((FRAMES, LANDMARKS), (4 * claimed) ** 2)
    return persistence(steps, np.full(moves.shape[:2], 0.01), moves, own)


@pytest.mark.parametrize("slow", [0.2, 0.5])
def test_the_share_that_stays_is_found(slow: float) -> None:
    assert _found(slow, 0.0).slow == pytest.approx(slow, abs=0.01)


@pytest.mark.parametrize("rate", [0.0, 0.5, 0.8])
def test_how_soon_the_rest_is_forgotten_is_found(rate: float) -> None:
    assert _found(0.5, rate).fast_rate == pytest.approx(rate, abs=0.31)


def test_proposals_that_claim_too_much_are_found_out() -> None:
    assert _found(0.2, 0.0, claimed=0.5).widening == pytest.approx(4.0, rel=0.01)


def test_without_flow_nothing_is_concluded() -> None:
    nothing = np.full((FRAMES - 1, LANDMARKS), np.inf)
    moves = np.ones((FRAMES - 1, LANDMARKS, 2))
    assert persistence(moves, nothing, moves, np.ones((FRAMES, LANDMARKS))) == Persistence()
