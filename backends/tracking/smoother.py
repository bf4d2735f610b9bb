"""All frames of a clip at once: proposals, flow, labels and clicks in one joint Gaussian.

Of the error of a proposal a slow part stays for hundreds of frames (`persistence`): proposals of
neighbouring frames are no independent witnesses, and a click says what is wrong in the others too.
Tails are heavy (Lange, Little, Taylor, "Robust statistical modeling using the t distribution", JASA
1989): a proposal that is lost, and flow that follows a hand before the face, lose their weight;
what a network takes to be hidden has less of it from the start. A frame in which the object is lost
is no witness, nor is its flow (`lost_frames`). An object that moves goes on moving (`momentum`),
and where it is hidden it has one of the shapes that it has elsewhere (`clip_shapes`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.fitting.gaussian_fit import (
    correlation_of_errors,
    smooth_covariance,
)
from landmark_annotator.backends.tracking.beliefs import Believed, slow_modes
from landmark_annotator.backends.tracking.chain import SolvedChain, solved
from landmark_annotator.backends.tracking.clip_shapes import ClipShapes
from landmark_annotator.backends.tracking.flow import FlowField
from landmark_annotator.backends.tracking.framewise import Framewise, TimeTrust
from landmark_annotator.backends.tracking.freedom import freed
from landmark_annotator.backends.tracking.joint_steps import Doubts, JointEvidence
from landmark_annotator.backends.tracking.lost_frames import astray, breaks, lost_frames
from landmark_annotator.backends.tracking.momentum import Momentum
from landmark_annotator.backends.tracking.path import first_path, measured_flow
from landmark_annotator.backends.tracking.persistence import Persistence, flow_factors, persistence
from landmark_annotator.backends.tracking.sights import Sights
from landmark_annotator.backends.tracking.smoothed_clip import SmoothedClip
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.evidence import Evidence

_ROUNDS = 3
"""Of weighing evidence by what all of it says together, and looking at the flow there."""
_TAIL = 4.0
"""Degrees of freedom of the t distributions of what may be lost."""
_PSEUDO_STEPS = 8.0
"""So many steps the smoothness of an object's motion counts as, beside those that are seen."""
_OWN_ERROR = 0.1
"""Share of the variance of flow in which a landmark errs by itself."""
_USUAL = 0.95
"""Share of the steps of a landmark that are taken for what they are."""
_FEWEST_FRAMES = 5
"""From which on a clip can show that it claims too much."""
_CHI_MEDIAN = 0.6931
"""Of half a squared normal in the plane."""
_LEAST_MOVE = 0.002
"""Sides that an object moves between frames at least, as far as is assumed."""


_ASTRAY = 3.0
"""Sides of its box that an object is off by which is surely lost: of what is seen there next to
nothing is left, and what is known of its steps says where it may be."""
_BROKEN = 0.5
"""Probability of a break from which on it counts as one."""
_LEAST_SEEN = 0.05
"""Probability that a landmark is seen after all: no network is surer than that of the contrary."""


@dataclass(frozen=True, eq=False)
class Clip:
    """T frames of one object of L landmarks. proposals: (T,) each of its frame alone, None where
    there is none. flows: (T - 1,) from each frame to the next, None where nobody has looked.
    labels: what people have accepted, by frame, in image pixels. moves: whether anything is assumed
    of the steps between frames beside what flow says. trust: how far all of it may be believed,
    where labels have told; see `time_trust`."""

    size: int
    proposals: Sequence[Proposal | None]
    flows: Sequence[FlowField | None]
    labels: Mapping[int, Sequence[Evidence]] = field(default_factory=dict)
    moves: bool = True
    trust: TimeTrust | None = None


def smoothed(
    clip: Clip,
    known: Persistence | None = None,
    rounds: int = _ROUNDS,
    *,
    widened: bool = True,
) -> SmoothedClip:
    """known: of the errors, where it need not be read off the clip. widened: as far as the clip
    itself shows that its frames together claim to know too much."""
    seen = _seen(clip)
    found = _believed(clip, seen)
    path = _filled(first_path(found, clip.flows, clip.labels, clip.size))
    boxes = [_box(each, points) for each, points in zip(found, path, strict=True)]
    sides = np.array([box.side for box in boxes])
    together = flow_correlation(path, sides)
    broken = breaks(clip.flows)
    sights = Sights.of(clip.proposals)
    # Who has accepted that none of it is in the image has not said where it is.
    said = [t for t, pieces in clip.labels.items() if pieces]
    gone = astray(lost_frames(found, clip.flows, said, seen, sights))
    lost = gone * (_ASTRAY * sides) ** 2
    alike = _in_a_row(gone, broken)
    found = [
        each.astray(gone[t], (_ASTRAY * sides[t]) ** 2, alike[t])
        if each is not None and gone[t]
        else each
        for t, each in enumerate(found)
    ]
    own = _own_steps(gone, broken)
    there = [each for each in found if each is not None]
    modes = slow_modes(found) if there else np.zeros((2 * clip.size, 0))
    doubts = Doubts.none(len(path), clip.size)
    rule, factors = known, None
    shapes: ClipShapes | None = None
    single = len(path) > 500 and clip.size > 40
    free = 1.0
    for turn in range(rounds):
        steps, variances = measured_flow(clip.flows, path)
        if rule is None:
            rule = _read_off(found, steps, variances, _untold(clip))
        if factors is None:
            factors = _flow_factors(found, steps, variances, rule)
            shapes = ClipShapes.of(found, np.maximum(1 - seen.mean(axis=1), gone), modes, rule)
        variances = _flow_variances(variances * factors, seen, broken, lost)
        walked, moves, leaps = scaled_steps(path, sides), None, None
        if clip.moves:
            walked[~own] = np.nan
            usual = step_covariance(path, sides, own)
            moves = Momentum.of(walked, free * usual)
            # After a break it may be anywhere, however it has moved before.
            leaps = 1 + broken * _ASTRAY**2 * usual.shape[0] / np.trace(usual)
        evidence = JointEvidence(
            path,
            found,
            clip.labels,
            modes,
            steps,
            variances,
            together,
            moves,
            sides,
            rule,
            shapes,
            leaps,
        )
        chain = solved(evidence.steps(doubts), np.float32 if single else np.float64)
        if turn == 1 and clip.moves and len(path) >= _FEWEST_FRAMES:
            free, evidence, chain = freed(evidence, doubts, chain, walked, usual)
        if turn == rounds - 1:
            break
        means = chain.means[:, : 2 * clip.size].reshape(path.shape)
        doubts = _doubts(evidence, chain)
        path = path + means
    if widened and there:
        chain = _widened(chain, evidence, doubts)
    degrees = [np.inf if each is None else each.degrees for each in clip.proposals]
    alone = {0: clip.proposals[0]} if len(path) == 1 and not clip.labels else {}
    known_alone = {t: p for t, p in alone.items() if p is not None}
    framewise = None
    if clip.trust is not None:
        framewise = Framewise.of(found, doubts.proposals, clip.trust)
    proposed = [(t, each) for t, each in enumerate(clip.proposals) if each is not None]
    hidden = {t: each.hidden for t, each in proposed if each.hidden is not None}
    told = known_alone, framewise, hidden, _variances_if_familiar(clip)
    return SmoothedClip(chain, path, boxes, degrees, *told)


def lost_in(clip: Clip, said: Collection[int]) -> Floats:
    """(T,) the probability that the object is lost in each frame. said: frames of which people have
    said where it is. Nothing is smoothed for that."""
    seen = _seen(clip)
    sights = Sights.of(clip.proposals)
    return lost_frames(_believed(clip, seen), clip.flows, said, seen, sights)


def _believed(clip: Clip, seen: Floats) -> list[Believed | None]:
    return [
        None if each is None else Believed.of(each).doubted(1 / sure)
        for each, sure in zip(clip.proposals, seen, strict=True)
    ]


def _variances_if_familiar(clip: Clip) -> dict[int, float]:
    """See `SmoothedClip.variances`."""
    familiar = {t: each.familiar for t, each in enumerate(clip.proposals) if each is not None}
    return {t: float(np.trace(m.covariance)) for t, m in familiar.items() if m is not None}


def _flow_variances(own: Floats, seen: Floats, broken: Floats, lost: Floats) -> Floats:
    """(T - 1, L) in squared pixels, of flow that by itself is as sure as `own`: less so where a
    landmark may not be seen, or what it leads to, or is of, may be something else."""
    doubted = own / (seen[1:] * seen[:-1]) / (1 - broken)[:, None]
    return np.asarray(doubted + np.maximum(lost[1:], lost[:-1])[:, None])


def _widened(chain: SolvedChain, evidence: JointEvidence, doubts: Doubts) -> SolvedChain:
    """As far as its frames together claim too much. Labels say truly what they say: only what
    frames tell each other is looked at."""
    unlabelled = replace(evidence, labels={})
    bare = solved(unlabelled.steps(doubts)) if evidence.labels else chain
    factor = claimed_too_much(unlabelled, bare)
    return replace(chain, covariances=chain.covariances * factor)


def claimed_too_much(evidence: JointEvidence, chain: SolvedChain) -> float:
    """What all covariances have to be multiplied with: one where they claim what they may.

    Evidence that a proposal lacks takes from its variance what it moves the landmarks by, on
    average: Cov(y - mu) is what is left and Cov(m - mu) together. Where less was moved than was
    taken, frames have told each other the same thing twice. By medians: a frame in which the model
    was lost is moved by far more. One that is known to be lost is left out: what it claims is what
    was made of it.
    """
    frames, size = evidence.path.shape[:2]
    means = evidence.path + chain.means[:, : 2 * size].reshape(frames, size, 2)
    moved, left = [], []
    for t, found in enumerate(evidence.found):
        if found is None or found.elsewhere is not None:
            continue
        own = np.diag(found.covariance).reshape(size, 2).sum(axis=1)
        after = np.diag(chain.covariances[t])[: 2 * size].reshape(size, 2).sum(axis=1)
        apart = means[t] - found.mean.reshape(size, 2)
        moved.append((apart**2).sum(axis=1) / own)
        left.append(after / own)
    if len(moved) < _FEWEST_FRAMES:
        return 1.0
    share = min(float(np.median(moved)) / _CHI_MEDIAN, 1.0)
    return max((1.0 - share) / float(np.median(left)), 1.0)


def _filled(path: Floats) -> Floats:
    """Where nothing is known of a landmark, it is taken to be in the middle of the others."""
    known = np.isfinite(path[..., :1])
    if known.all():
        return path
    counts = np.maximum(known.sum(axis=1), 1)
    middle = np.where(known, path, 0.0).sum(axis=1) / counts
    return np.where(known, path, middle[:, None])


def _seen(clip: Clip) -> Floats:
    """(T, L) probabilities that a landmark is seen. Where it is not, flow is that of what hides it,
    and a proposal is a guess from the rest of the shape, alike in all frames that show no more."""
    seen = np.ones((len(clip.proposals), clip.size))
    for t, each in enumerate(clip.proposals):
        if each is not None and each.hidden is not None:
            seen[t] = np.maximum(1 - each.hidden, _LEAST_SEEN)
    return seen


def _own_steps(gone: Floats, broken: Floats) -> Bools:
    """(T - 1,) which steps the object itself has taken: neither a cut nor what is seen in its place
    says how it moves. All of them where that leaves none."""
    seen = gone == 0
    own = seen[1:] & seen[:-1] & (broken < _BROKEN)
    return own if own.any() else np.ones_like(own)


def _in_a_row(gone: Floats, broken: Floats) -> Floats:
    """(T,) how many frames in a row it is lost in, that one among them; in between nothing
    breaks."""
    counts = np.ones(len(gone))
    lost = gone > 0
    begins = np.flatnonzero((lost[1:] != lost[:-1]) | (broken >= _BROKEN)) + 1
    for stretch in np.split(np.arange(len(gone)), begins):
        counts[stretch] = len(stretch)
    return counts


def _box(found: Believed | None, points: Floats) -> Box:
    return Box.square_around(points) if found is None else found.box


def _untold(clip: Clip) -> bool:
    """Whether of most proposals no label has told how far they may be off."""
    said = [each.untold for each in clip.proposals if each is not None]
    return sum(said) > len(said) / 2


def _read_off(
    found: Sequence[Believed | None], steps: Floats, variances: Floats, untold: bool
) -> Persistence:
    moves, own = _proposed_moves(found, steps.shape[1])
    return persistence(steps, variances, moves, own, untold=untold)


def _flow_factors(
    found: Sequence[Believed | None], steps: Floats, variances: Floats, rule: Persistence
) -> Floats:
    """(L,) what the flow's variances at each landmark are to be multiplied with."""
    return flow_factors(steps, variances, *_proposed_moves(found, steps.shape[1]), rule)


def _proposed_moves(found: Sequence[Believed | None], size: int) -> tuple[Floats, Floats]:
    """(T - 1, L, 2) and (T, L), the steps and the variances of the proposals; NaN without any."""
    nothing = np.full((size, 2), np.nan)
    means = np.stack([nothing if f is None else f.mean.reshape(-1, 2) for f in found])
    own = np.stack([nothing if f is None else np.diag(f.covariance).reshape(-1, 2) for f in found])
    return np.diff(means, axis=0), own.mean(axis=2)


def flow_correlation(path: Floats, sides: Floats) -> Floats:
    """(L, L) of the errors of flow at the landmarks: what one surface does to flow it does to all
    of its points."""
    middle = (path / sides[:, None, None]).mean(axis=0)
    return correlation_of_errors(middle, _OWN_ERROR)


def step_covariance(path: Floats, sides: Floats, own: Bools | None = None) -> Floats:
    """(2L, 2L) covariance of the steps of a path, in sides of the object: a smooth deformation, as
    far as there are no steps to tell. own: (T - 1,) which of them tell; None: all."""
    apart = scaled_steps(path, sides)
    apart = apart if own is None else apart[own]
    middle = (path / sides[:, None, None]).mean(axis=0)
    deviation = _LEAST_MOVE
    if len(apart):
        # A leg may rest for a hundred frames and then leap: each landmark by its own larger steps,
        # and only those that hardly ever come are cut down, for a proposal may have been lost.
        sizes = np.linalg.norm(apart.reshape(len(apart), -1, 2), axis=2)
        most = np.maximum(np.quantile(sizes, _USUAL, axis=0), _LEAST_MOVE)
        apart = apart * np.repeat(np.minimum(1.0, most / np.maximum(sizes, 1e-12)), 2, axis=1)
        deviation = max(float(np.sqrt((apart**2).mean())), _LEAST_MOVE)
    smooth = smooth_covariance(middle - middle.mean(axis=0), np.full(len(middle), deviation))
    total = apart.T @ apart + _PSEUDO_STEPS * smooth
    return np.asarray(total / (len(apart) + _PSEUDO_STEPS))


def scaled_steps(path: Floats, sides: Floats) -> Floats:
    """(T - 1, 2L) in sides of the object."""
    steps = np.diff(path, axis=0) / sides[:-1, None, None]
    return np.asarray(steps.reshape(len(steps), 2 * path.shape[1]))


def _doubts(evidence: JointEvidence, chain: SolvedChain) -> Doubts:
    """What the variances of each piece of evidence are to be multiplied with, given what all of it
    says: the E step of t distributions."""
    frames, size = evidence.path.shape[:2]
    means = chain.means[:, : 2 * size].reshape(frames, size, 2)
    blocks = chain.covariances[:, : 2 * size, : 2 * size].reshape(frames, size, 2, size, 2)
    own = np.einsum("tiaia->ti", blocks).astype(np.float64)
    proposals = np.ones((frames, size))
    rule = evidence.persistence
    for t, found in enumerate(evidence.found):
        if found is None:
            continue
        off = evidence.path[t] + means[t] - found.mean.reshape(-1, 2)
        spread = np.einsum("iaib->iab", found.covariance.reshape(size, 2, size, 2)) * rule.widening
        # Expected, under all evidence, in units of what the proposal claims.
        squares = np.einsum("ia,iab,ib->i", off, np.linalg.inv(spread), off)
        squares += 2 * own[t] / np.trace(spread, axis1=1, axis2=2)
        proposals[t] = np.maximum((_TAIL + squares) / (_TAIL + 2), 1.0)
    if frames == 1:
        return Doubts.none(1, size)
    walked = np.diff(evidence.path + means, axis=0)
    together = np.stack(
        [
            np.einsum("iaia->i", (g[: 2 * size] @ p[:, : 2 * size]).reshape(size, 2, size, 2))
            for g, p in zip(chain.back, chain.covariances[1:], strict=True)
        ]
    )
    loose = own[1:] + own[:-1] - 2 * together
    expected = evidence.variances * rule.flow
    squares = (((walked - evidence.flow) ** 2).sum(axis=2) + np.maximum(loose, 0.0)) / expected
    flow = np.maximum((_TAIL + squares) / (_TAIL + 2), 1.0)
    steps = np.ones(frames - 1)
    if evidence.moves is not None:
        inverse = np.linalg.inv(evidence.moves.rest)
        strengths = chain.means[:-1, len(chain.means[0]) - evidence.ways :]
        scaled = scaled_steps(evidence.path + means, evidence.sides)
        scaled = scaled - strengths @ evidence.moves.ways.T
        squares = np.einsum("ti,ij,tj->t", scaled, inverse, scaled)
        if evidence.free is not None:
            squares = squares / evidence.free
        steps = np.maximum((_TAIL + squares) / (_TAIL + 2 * size), 1.0)
    return Doubts(proposals, np.where(np.isfinite(expected), flow, 1.0), steps)
