"""A simulated annotator who labels one instance until it is good enough, and accepts it."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR, STEADY, Hand, aimed
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    Told,
    simulate_clicks,
)
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.along_contours import followed
from landmark_annotator.backends.shapes.asked_by_hand import asked_by_hand
from landmark_annotator.backends.shapes.rules import MIXTURE
from landmark_annotator.projects.vocabulary import Evidence, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True)
class Acceptance:
    """When a shape is good enough, in percent of the normaliser: on average, and everywhere."""

    mean: float = 2.5
    each: float = 10.0

    def scaled(self, scale: float) -> "Acceptance":
        return Acceptance(self.mean * scale, self.each * scale)

    def met(self, errors: Floats) -> bool:
        """errors: (L,), NaN where the truth is unknown."""
        return float(np.nanmean(errors)) <= self.mean and float(np.nanmax(errors)) <= self.each


@dataclass(frozen=True, eq=False)
class Labelled:
    """shape: as the window would have stored it. clicks: what it cost. error: NME in percent.
    visible: the same of what an eye sees."""

    shape: Shape
    clicks: int
    error: float
    visible: float


def label(
    proposal: Proposal | None,
    truth: Floats,
    scheme: Scheme,
    *,
    policy: str,
    acceptance: Acceptance,
    normaliser_length: float,
    click_noise: Floats,
    click_error: float = CLICK_ERROR,
    told: Told | None = None,
) -> Labelled:
    """truth: (L, 2) image pixels, NaN where a landmark is not in the image: it has no position in
    what is labelled, and costs no click. Without a proposal every other landmark is clicked, but
    for those inside contours that follow well enough, see `along_contours`.

    click_noise: (L, 2) standard normal. click_error: its deviation, as a share of the normaliser.
    told: as of `simulate_clicks`.
    """
    clicks_on = aimed(truth, click_noise, normaliser_length, click_error)
    if proposal is None:
        return _by_hand(clicks_on, truth, scheme, policy, acceptance, normaliser_length)
    run = simulate_clicks(
        proposal,
        truth,
        scheme,
        rule=MIXTURE.name,
        policy=policy,
        clicks=len(truth),
        normaliser_length=normaliser_length,
        click_noise=click_noise,
        click_error=click_error,
        until=acceptance.met,
        told=told,
    )
    evidence = [Evidence.click(j, clicks_on[j], proposal.click_deviation) for j in run.clicked]
    known = proposal if told is None else told(proposal, evidence)
    posterior = known.given(evidence)
    marks = [
        Provenance.CLICKED if j in run.clicked else Provenance.INFERRED for j in range(len(truth))
    ]
    points = np.where(np.isfinite(truth), posterior.points, np.nan)
    shape = Shape(points, None, marks, posterior.covariances)
    errors = float(run.nme[-1]), float(run.visible_nme[-1])
    return Labelled(shape, len(run.clicked), *errors)


def _by_hand(
    clicks_on: Floats,
    truth: Floats,
    scheme: Scheme,
    policy: str,
    acceptance: Acceptance,
    length: float,
) -> Labelled:
    """As the window shows it where nothing is proposed: what has no position yet is clicked as it
    is asked for, and then what `policy` says."""
    absent = frozenset(np.flatnonzero(~np.isfinite(truth[:, 0])).tolist())
    clicked: list[int] = []
    while True:
        placed = np.full(truth.shape, np.nan)
        placed[clicked] = clicks_on[clicked]
        points, covariances = followed(placed, scheme, absent)
        errors = landmark_errors(points, truth, length)
        whole = int(np.isfinite(points[:, 0]).sum()) + len(absent) == len(truth)
        next_one = asked_by_hand(scheme, Shape(placed), covariances, absent)
        if next_one is None or (whole and acceptance.met(errors)):
            break
        if whole and policy == "worst":
            errors[clicked] = -np.inf
            next_one = int(np.nanargmax(errors))
        clicked.append(next_one)
    marks = [
        Provenance.CLICKED if j in clicked else None if j in absent else Provenance.INFERRED
        for j in range(len(truth))
    ]
    seen = visible_nme(points, truth, scheme, length)
    return Labelled(
        Shape(points, None, marks, covariances), len(clicked), float(np.nanmean(errors)), seen
    )


def label_worst_first(
    proposal: Proposal,
    truth: Floats,
    scheme: Scheme,
    length: float,
    noise: Floats,
    hand: Hand = STEADY,
    told: Told | None = None,
) -> Labelled:
    """Clicks the worst point first, until the shape is good enough. As `label` otherwise.

    length: of the normaliser; noise: (L, 2) as of `click_noise`.
    """
    return label(
        proposal,
        truth,
        scheme,
        policy="worst",
        acceptance=Acceptance().scaled(hand.scale),
        normaliser_length=length,
        click_noise=noise,
        click_error=hand.error,
        told=told,
    )


def drags(start: Floats, truth: Floats, acceptance: Acceptance, length: float) -> int:
    """How many points have to be dragged where nothing else moves, the worst first.

    start, truth: (L, 2); length: of the normaliser. A dragged point is off by as much as clicks
    are on average.
    """
    errors = np.sort(landmark_errors(start, truth, length))[::-1]
    placed = 100 * CLICK_ERROR * np.sqrt(np.pi / 2)
    for count in range(len(errors)):
        after = np.concatenate([np.full(count, placed), errors[count:]])
        if acceptance.met(after):
            return count
    return len(errors)
