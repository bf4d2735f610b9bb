"""In which frames of a clip an object is probably lost: what is proposed there is something else.

A model that looks where the object is not proposes something all the same, and is as sure of it as
ever. Two things tell. Flow carries the object's shape to where the next frame's proposal has it; a
shape that is read into a floor, or the wrong way round into the object, leaps while flow rests. And
where flow is unsure by as much as a model looks round, the object may have left the box. Both
together, over all frames and in both directions from those that people have labelled, are a hidden
Markov model (Rabiner, "A tutorial on hidden Markov models and selected applications in speech
recognition", Proceedings of the IEEE 1989).

Where flow leads to something that is nothing like what it came from, as at a cut, or where the
object has left the picture, a third thing tells nothing from then on: a box that rests on the floor
looks the same from frame to frame, as an object does. It stays so until the next such break, or a
label. What a break looks like is learned from the clip: unlike its other steps, and like chance.

How familiar a frame looks is left out where nobody knows what nothing looks like: what is usual
for it differs from video to video by more than lost frames differ from others. Where that is known
(`Sight`), a fourth thing tells. What looks like nothing may have turned away, or something has come
before it that flow took for it, without a leap: the longer it does, the rather that. What has leapt
and shows nothing is lost, also where it rests from then on.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from landmark_annotator.backends.tracking.beliefs import Believed, likely
from landmark_annotator.backends.tracking.flow import FlowField
from landmark_annotator.backends.tracking.path import measured_flow
from landmark_annotator.backends.tracking.sights import Sights
from landmark_annotator.projects.vocabulary.arrays import Floats

_REACH = 0.25
"""Sides of an object by which a proposal is off that is of something else in its box."""
_LEAST = 1.0
"""Squared pixels that a step is unsure by at least."""
_LOST, _FOUND = 0.01, 0.1
"""Probabilities that an object is lost from one frame to the next where flow is sure of it, and
that one that is lost is seen again."""
_STILL = 0.1
"""Probability that something else goes with the flow: a floor that rests, a shape that is read into
the object the wrong way round."""
_SLIDES = 0.5
"""Of objects that are lost, how many leave the flow to what has come before them, without a leap:
only where it is known what nothing looks like, for nothing else tells."""
_MOST_ALIKE = 0.99
_SUREST = 0.999
"""Probability of a break at most."""
_BY_CHANCE = 0.3
"""Deviation of what transforms correlations of things that have nothing to do with each other, and
the least that is assumed of those of one object."""
_MEDIAN_OFF = 0.6745
"""Of a standard normal, without its sign."""
_STATES = 4
_EVEN = 0.5
"""Probability of being lost where nothing tells, and beyond which a frame is no witness."""


def lost_frames(
    found: Sequence[Believed | None],
    flows: Sequence[FlowField | None],
    labelled: Collection[int],
    seen: Floats,
    sights: Sights | None = None,
) -> Floats:
    """(T,) the probability that the object is lost in each of T frames.

    found: what is proposed in each; flows: from each to the next. labelled: frames of which people
    have said where the object is. seen: (T, L) the probability that a landmark is: what hides it
    goes elsewhere. sights: whether the frames show it at all; None where nobody can tell.
    """
    frames = len(found)
    here = np.zeros((frames, _STATES))
    unlike = 0.0
    if sights is not None:
        here[:, 0] = sights.odds
        unlike = sights.unlike
    here[np.ix_(list(labelled), [1, 2])] = -np.inf
    steps = _steps(found, flows, seen, None if sights is None else unlike)
    ahead, back = np.zeros((frames, _STATES)), np.zeros((frames, _STATES))
    there = 1 - _EVEN
    with np.errstate(divide="ignore"):
        ahead[0] = here[0] + np.log([there * (1 - unlike), _EVEN, 0.0, there * unlike])
    for t in range(frames - 1):
        ahead[t + 1] = here[t + 1] + np.logaddexp.reduce(ahead[t][:, None] + steps[t], axis=0)
    for t in range(frames - 2, -1, -1):
        back[t] = np.logaddexp.reduce(steps[t] + here[t + 1] + back[t + 1], axis=1)
    both = ahead + back
    known = np.logaddexp(both[:, 0], both[:, 3]) - np.logaddexp.reduce(both, axis=1)
    return np.asarray(np.maximum(1 - np.exp(known), 0.0))


def breaks(flows: Sequence[FlowField | None]) -> Floats:
    """(T - 1,) the probability that each step leads to something else than what was there."""
    found = np.zeros(len(flows))
    known = [t for t, flow in enumerate(flows) if flow is not None and flow.alike is not None]
    if not known:
        return found
    alike = np.array([flow.alike for t in known if (flow := flows[t]) is not None])
    # The transform of Fisher, of which a correlation is normal.
    signs = np.arctanh(np.clip(alike, -_MOST_ALIKE, _MOST_ALIKE))
    usual = float(np.median(signs))
    spread = max(float(np.median(np.abs(signs - usual))) / _MEDIAN_OFF, _BY_CHANCE)
    as_usual = np.exp(-0.5 * (np.minimum(signs - usual, 0.0) / spread) ** 2) / spread
    by_chance = np.exp(-0.5 * (np.maximum(signs, 0.0) / _BY_CHANCE) ** 2) / _BY_CHANCE
    found[known] = _LOST * by_chance / (_LOST * by_chance + (1 - _LOST) * as_usual)
    return np.minimum(found, _SUREST)


def astray(probabilities: Floats) -> Floats:
    """(T,) by which share of the variance of an object that is lost a frame's evidence is unsure
    besides: so that an ellipse holds half of what is either seen or lost, as that of one Gaussian.
    Nothing as long as the object is rather seen than lost, whose place then goes on counting."""
    return np.asarray(np.log(np.maximum(probabilities, _EVEN) / _EVEN) / -np.log(_EVEN))


def _steps(
    found: Sequence[Believed | None],
    flows: Sequence[FlowField | None],
    seen: Floats,
    unlike: float | None,
) -> Floats:
    """(T - 1, 4, 4) log likelihoods, up to a constant, of going from one of the states (0: seen, 1:
    lost, 2: resting on something else, 3: there, and looking like nothing) to another, and of what
    is proposed in both frames then. unlike: as of `Sights`; None where nothing is known of any."""
    size = seen.shape[1]
    nowhere = np.zeros((size, 2))
    places = np.stack([nowhere if f is None else f.mean.reshape(size, 2) for f in found])
    carried, variances = measured_flow(flows, places)
    logs = np.zeros((len(flows), _STATES, _STATES))
    broken = breaks(flows)
    for t, (old, new) in enumerate(pairwise(found)):
        gone = _LOST
        if old is not None and new is not None and flows[t] is not None:
            off = places[t + 1] - places[t] - carried[t]
            anywhere = (_REACH * old.box.side) ** 2
            unsure = np.minimum(variances[t] / (1 - broken[t]), old.box.side**2)
            own, shown = old.blocks + new.blocks, seen[t] * seen[t + 1]
            same = _together(off, own, np.minimum(unsure, anywhere) + _LEAST, shown)
            other = _together(off, own, unsure + anywhere, shown)
            stays = np.logaddexp(np.log(_STILL) + same, np.log(1 - _STILL) + other)
            there = [same, other, same, same]
            logs[t] = [there, [other, stays, stays, other], [other, stays, same, other], there]
            # What of a normal in the plane is further away than is looked.
            gone = min(_LOST + float(np.exp(-anywhere / (2 * np.median(unsure)))), _EVEN)
        logs[t] += _changes(gone, float(broken[t]), new is not None and new.familiar, unlike)
    return logs


def _changes(gone: float, broken: float, familiar: bool, unlike: float | None) -> Floats:
    """(4, 4) logs of the probabilities that a state becomes another one. gone: that what is seen is
    lost where nothing breaks; familiar: whether what is proposed for has been seen to be the like
    of what was labelled. unlike: see `_steps`."""
    again = _EVEN if familiar else _FOUND
    settles = found_again = slides = turned = 0.0
    if unlike is not None:
        settles, found_again, slides, turned = _FOUND, _LOST, _SLIDES * gone, unlike
    # So often that of what is there so much looks like nothing.
    turns = _FOUND * turned / (1 - turned)
    after_break = [again * (1 - turned), 0.0, 1 - again, again * turned]
    kept = np.array(
        [
            [(1 - gone) * (1 - turns), gone - slides, slides, (1 - gone) * turns],
            [_FOUND, (1 - _FOUND) * (1 - settles), (1 - _FOUND) * settles, 0.0],
            [found_again, 0.0, 1 - found_again, 0.0],
            [(1 - gone) * _FOUND, gone - slides, slides, (1 - gone) * (1 - _FOUND)],
        ]
    )
    with np.errstate(divide="ignore"):
        return np.asarray(np.log((1 - broken) * kept + broken * np.array(after_break)))


def _together(off: Floats, own: Floats, variances: Floats, shown: Floats) -> float:
    """The log likelihood of a step: landmarks of one object err together and are one witness, as
    far as they are shown (L,)."""
    return float((shown * likely(off, own + variances[:, None, None] * np.eye(2))).mean())
