"""Exact bounds on how many of a batch are wrong, from checks of shapes drawn one by one at random.

N shapes, of which M are wrong; n are drawn without replacement and checked, k of them were wrong
and are mended. Then k follows the hypergeometric distribution, whatever is wrong with which shapes
and however those are related: only the draw is random. No model has a part in it.

Checking may end as soon as no more than m = floor(share N) wrong ones are left, with a confidence
that holds although somebody looks after every draw (a sequential test by spending the error): for
k = 0, 1, 2, ... let n_k be the smallest number of draws with

    P(at most k wrong among n_k | M = m + 1 + k) <= alpha / 2^(k + 1),

and never less than n_(k - 1). The batch is certified as soon as n >= n_k. If M = m + 1 + j are
wrong in truth, a false certificate needs at most k wrong at n_k for some k <= j, or at most j at
n_k >= n_j for k > j, which contains no more than the event at n_j. The chance of each of the first
is at most alpha / 2^(k + 1), for it falls as M grows, and the sum is below alpha.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

_NEGLIGIBLE = 1e-20
"""Share of a chance that no number can show beside it."""


@dataclass(frozen=True)
class Demand:
    """share: of the batch that may be wrong; confidence: that no more is; both from 0 to 1."""

    share: float
    confidence: float

    def __post_init__(self) -> None:
        if not (0 <= self.share < 1 and 0 < self.confidence < 1):
            raise ValueError(f"shares and confidences lie between 0 and 1, not {self}")

    def allowed(self, total: int) -> int:
        """How many of so many may be wrong."""
        return math.floor(self.share * total + 1e-9)

    def checks(self, total: int, wrong: int = 0) -> int:
        """How many of a batch of `total` have to be drawn and checked where so many of them turn
        out to be wrong."""
        return _checks(total, self.allowed(total), 1 - self.confidence, wrong)

    def met(self, total: int, checked: int, wrong: int) -> bool:
        return checked >= self.checks(total, wrong)


def _checks(total: int, allowed: int, alpha: float, wrong: int) -> int:
    known = _known(total, allowed, alpha)
    for found in range(len(known), wrong + 1):
        known[found] = _fewest(total, allowed, alpha, found, known.get(found - 1, 0))
    return known[wrong]


@lru_cache(maxsize=64)
def _known(_total: int, _allowed: int, _alpha: float) -> dict[int, int]:
    """What `_checks` has found so far, by how many were wrong: each takes the one before it."""
    return {}


def _fewest(total: int, allowed: int, alpha: float, wrong: int, low: int) -> int:
    """Draws of which so many may be wrong; at least `low`, what one wrong one less takes."""
    spent = math.ldexp(alpha, -(wrong + 1))
    bad = allowed + 1 + wrong
    if bad > total:
        return max(low, min(wrong, total))
    high = total
    while low < high:
        middle = (low + high) // 2
        if chance_of_at_most(wrong, total, bad, middle) <= spent:
            high = middle
        else:
            low = middle + 1
    return low


def chance_of_at_most(most: int, total: int, bad: int, drawn: int) -> float:
    """That at most `most` of `drawn` are bad, drawn without replacement from `total` of which
    `bad` are: the hypergeometric distribution."""
    whole = _log_choices(total, drawn)
    chance, before = 0.0, math.inf
    for found in range(min(most, bad, drawn), max(0, drawn - (total - bad)) - 1, -1):
        ways = _log_choices(bad, found) + _log_choices(total - bad, drawn - found)
        one = math.exp(ways - whole)
        chance += one
        if one < before and one < _NEGLIGIBLE * chance:
            break  # once they grow smaller they do so faster and faster
        before = one
    return min(chance, 1.0)


def _log_choices(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
