"""A simulated annotator: clicks with a person's error until the truth is known well enough."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from annotator.session.simulation.hand import CLICK_ERROR, aimed
from backends.metrics.calibration import squared_mahalanobis
from backends.metrics.errors import landmark_errors
from backends.shapes import Posterior, Proposal
from backends.shapes.rules import rule_named
from projects.vocabulary import Evidence, Scheme
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import ActionableError, closest

Policy = Callable[["_State"], int]


@dataclass(frozen=True, eq=False)
class _State:
    """What a policy may look at. errors: (L,) in percent, clicked landmarks at -inf.

    free: the landmarks not clicked yet; after: the mean error after a click on one of them.
    """

    scheme: Scheme
    posterior: Posterior
    errors: Floats
    free: list[int]
    after: Callable[[int], float]


def _worst(state: _State) -> int:
    return int(np.argmax(state.errors))


def _query(state: _State) -> int:
    drops = np.full(len(state.errors), -np.inf)
    drops[state.free] = state.posterior.drops[state.free]
    return int(np.argmax(drops))


def _fixed(state: _State) -> int:
    """The landmark nearest the middle of the shape first (a face's nose), then as asked."""
    if len(state.free) < len(state.errors):
        return _query(state)
    points = state.posterior.points
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    names = state.scheme.landmarks
    if "nose tip" in names:
        return names.index("nose tip")
    return int(np.argmin(np.linalg.norm(points - middle, axis=1)))


def _best(state: _State) -> int:
    return min(state.free, key=state.after)


POLICIES: dict[str, Policy] = {
    "worst": _worst,
    "query": _query,
    "fixed": _fixed,
    "best": _best,
}
"""Which landmark is clicked next. `best` knows the truth and tries every click: an upper bound."""


@dataclass(frozen=True, eq=False)
class ClickRun:
    """errors: (C + 1, L) in percent of the normaliser, after 0..C clicks.

    squared: (C + 1, L) squared Mahalanobis distances of the truth under the posterior, NaN for
    clicked landmarks. clicked: the C landmarks in order. degrees: see `Posterior`.
    """

    errors: Floats
    squared: Floats
    clicked: tuple[int, ...]
    degrees: float = math.inf

    @property
    def nme(self) -> Floats:
        """(C + 1,) in percent."""
        return np.asarray(np.nanmean(self.errors, axis=1))


def policy_named(name: str) -> Policy:
    if name not in POLICIES:
        raise ActionableError(
            f'There is no policy "{name}".{closest(name, POLICIES)}',
            remedy=f"Known policies: {', '.join(POLICIES)}.",
        )
    return POLICIES[name]


def _never(errors: Floats) -> bool:
    return False


def simulate_clicks(
    proposal: Proposal,
    truth: Floats,
    scheme: Scheme,
    *,
    rule: str,
    policy: str,
    clicks: int,
    normaliser_length: float,
    click_noise: Floats,
    click_error: float = CLICK_ERROR,
    until: Callable[[Floats], bool] = _never,
) -> ClickRun:
    """One instance, clicked `clicks` times (fewer where it has fewer landmarks).

    truth: (L, 2) image pixels, NaN where unknown; such landmarks are never clicked.
    click_noise: (L, 2) standard normal, one draw a landmark, so that every rule and policy meets
    the same hand; click_error: its deviation, as a share of the normaliser. until: given the
    errors (L,) in percent, whether no further click is needed.
    """
    given = partial(proposal.given, rule=rule_named(rule))
    choose = policy_named(policy)
    clicks_on = aimed(truth, click_noise, normaliser_length, click_error)

    def click_on(landmark: int) -> Evidence:
        return Evidence.click(landmark, clicks_on[landmark], proposal.click_deviation)

    evidence: list[Evidence] = []
    free = [int(j) for j in np.flatnonzero(np.isfinite(truth[:, 0]))]
    errors, squared = [], []
    while True:
        posterior = given(evidence)
        now = landmark_errors(posterior.points, truth, normaliser_length)
        errors.append(now)
        squared.append(_squared(posterior, truth, [piece.landmark for piece in evidence]))
        if len(evidence) == clicks or not free or until(now):
            break
        masked = np.full(len(now), -np.inf)
        masked[free] = now[free]

        def after(landmark: int, so_far: tuple[Evidence, ...] = tuple(evidence)) -> float:
            points = given([*so_far, click_on(landmark)]).points
            return float(np.nanmean(landmark_errors(points, truth, normaliser_length)))

        landmark = choose(_State(scheme, posterior, masked, free, after))
        evidence.append(click_on(landmark))
        free = [j for j in free if j != landmark]
    return ClickRun(
        np.stack(errors),
        np.stack(squared),
        tuple(piece.landmark for piece in evidence),
        proposal.degrees,
    )


def _squared(posterior: Posterior, truth: Floats, clicked: list[int]) -> Floats:
    squared = squared_mahalanobis(posterior.points, posterior.covariances, truth)
    squared[clicked] = np.nan
    return squared
