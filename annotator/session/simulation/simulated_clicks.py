"""A simulated annotator: clicks with a person's error until the truth is known well enough."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR, aimed
from landmark_annotator.backends.metrics.calibration import squared_mahalanobis
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.metrics.visible import visible_errors
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.shapes.queries import worth_asking
from landmark_annotator.backends.shapes.rules import rule_named
from landmark_annotator.projects.vocabulary import Evidence, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import nearest, smooth
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest

Policy = Callable[["_State"], int]
Told = Callable[[Proposal, Sequence[Evidence]], Proposal]


@dataclass(frozen=True, eq=False)
class _State:
    """What a policy may look at. errors: (L,) in percent, clicked landmarks at -inf.

    hidden: as of the proposal. free: the landmarks not clicked yet; after: the mean error after a
    click on one of them.
    """

    scheme: Scheme
    posterior: Posterior
    hidden: Floats | None
    errors: Floats
    free: list[int]
    after: Callable[[int], float]


def _worst(state: _State) -> int:
    return int(np.argmax(state.errors))


def _query(state: _State) -> int:
    drops = np.full(len(state.errors), -np.inf)
    drops[state.free] = worth_asking(state.posterior.drops, state.hidden)[state.free]
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
    visible: Floats
    squared: Floats
    clicked: tuple[int, ...]
    degrees: float = math.inf

    @property
    def nme(self) -> Floats:
        """(C + 1,) in percent."""
        return np.asarray(np.nanmean(self.errors, axis=1))

    @property
    def visible_nme(self) -> Floats:
        """(C + 1,) in percent."""
        return np.asarray(np.nanmean(self.visible, axis=1))


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
    by_eye: bool = False,
    contours: bool = False,
    told: Told | None = None,
) -> ClickRun:
    """One instance, clicked `clicks` times (fewer where it has fewer landmarks).

    truth: (L, 2) image pixels, NaN where unknown; such landmarks are never clicked.
    click_noise: (L, 2) standard normal, one draw a landmark, so that every rule and policy meets
    the same hand; click_error: its deviation, as a share of the normaliser. until: given the
    errors (L,) in percent, whether no further click is needed. by_eye: the worst landmark and
    `until` go by the visible errors. contours: a click on a landmark inside a contour says that
    the contour passes there, and falls on it where it is nearest to the landmark as shown; one
    that is to be clicked again is put in its exact place. told: what is proposed once there is
    this evidence, where that is more than the evidence says by itself.
    """

    choose = policy_named(policy)
    clicks_on = aimed(truth, click_noise, normaliser_length, click_error)

    def click_on(landmark: int) -> Evidence:
        return Evidence.click(landmark, clicks_on[landmark], proposal.click_deviation)

    def trace(landmark: int, posterior: Posterior) -> Evidence | None:
        if not contours or landmark not in scheme.semilandmarks or landmark in traced:
            return None
        curve = scheme.contour_of(landmark)
        contour = smooth(truth[list(curve.landmarks)], curve.closed)
        missed = clicks_on[landmark] - truth[landmark]
        place = nearest(posterior.points[landmark], contour)[0] + missed
        return proposal.traced(posterior.points, posterior.covariances, scheme, landmark, place)

    evidence: list[Evidence] = []
    traced: set[int] = set()
    clicked: list[int] = []
    free = [int(j) for j in np.flatnonzero(np.isfinite(truth[:, 0]))]
    errors, visible, squared = [], [], []
    while True:
        known = proposal if told is None else told(proposal, evidence)
        posterior = known.given(evidence, rule_named(rule))
        now = landmark_errors(posterior.points, truth, normaliser_length)
        errors.append(now)
        visible.append(visible_errors(posterior.points, truth, scheme, normaliser_length))
        now = visible[-1] if by_eye else now
        squared.append(_squared(posterior, truth, [piece.landmark for piece in evidence]))
        if len(clicked) == clicks or not free or until(now):
            break
        masked = np.full(len(now), -np.inf)
        masked[free] = now[free]

        def after(
            landmark: int,
            known: Proposal = known,
            so_far: tuple[Evidence, ...] = tuple(evidence),
        ) -> float:
            points = known.given([*so_far, click_on(landmark)], rule_named(rule)).points
            return float(np.nanmean(landmark_errors(points, truth, normaliser_length)))

        landmark = choose(_State(scheme, posterior, proposal.hidden, masked, free, after))
        piece = trace(landmark, posterior)
        evidence = [each for each in evidence if each.landmark != landmark]
        evidence.append(piece or click_on(landmark))
        clicked.append(landmark)
        if piece is None:
            free = [j for j in free if j != landmark]
        else:
            traced.add(landmark)
    return ClickRun(
        np.stack(errors),
        np.stack(visible),
        np.stack(squared),
        tuple(clicked),
        proposal.degrees,
    )


def _squared(posterior: Posterior, truth: Floats, clicked: list[int]) -> Floats:
    squared = squared_mahalanobis(posterior.points, posterior.covariances, truth)
    squared[clicked] = np.nan
    return squared
