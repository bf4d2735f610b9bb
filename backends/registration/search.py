"""From pixels and a box to where the landmarks of labelled images are, in several rounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from landmark_annotator.backends.learning.local_features import gradient_maps, greyed
from landmark_annotator.backends.registration.drawn_boxes import Surroundings, room
from landmark_annotator.backends.registration.filters import LEVELS, Level, found_near, out_of_sight
from landmark_annotator.backends.registration.flow import carried, nearest
from landmark_annotator.backends.registration.gains import log_answer, slope_of
from landmark_annotator.backends.registration.leaning import Leaning, are_apart
from landmark_annotator.backends.registration.poses import posed
from landmark_annotator.backends.registration.templates import (
    Frames,
    View,
    evened,
    look,
    resolves,
)
from landmark_annotator.backends.registration.turned import likeness
from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.fusion import fused_mean
from landmark_annotator.backends.shapes.orientation import TURNS
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.evidence import Evidence

REACH = 0.5
"""Sides of the object that a search may leave the drawn box along each axis."""
_LEFT_OUT = 0.05
"""Probability up to which it is left out that an object lies another way than it seems to: how far
it may be off would be mostly of that, where it hardly ever happens."""
_LEFT_OUT_UNTRIED = 0.25
"""The same where a single label does not show what a gain says: that it may lie anyhow is then
what `Untried` has."""
_LEAST_DOUBT = 1e-4
"""In sides of the object: a label is never sure beyond that."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What is seen of one object, in the frame of `box`: the landmarks' places (L, 2) by their
    filters, the covariances (L, 2, 2) of those by the filters' answers, and how far (L,) what the
    templates carried there is from it. answer: of the filters, on average; see `found_near`. room:
    (2, 2) second moments of how far the object's middle is from where it is seen, were it anywhere
    in the box that was drawn; none where nobody has drawn one that it could be looked for in.

    depth: how many levels were looked at beside those that all images show; before: what was seen
    at one less.

    found: by how much the log odds are higher that the object is where it is seen, as the filters
    answer more here than where it would be else.

    ways: angles (radians) at which it may lie, its own first, and the log of what the filters
    answer there; none where one alone was tried. others: what is seen at those that cannot be left
    out, with how probable each is.
    """

    box: Box
    points: Floats
    spreads: Floats
    scales: Floats
    answers: Floats
    room: Floats = field(default_factory=lambda: np.zeros((2, 2)))
    depth: int = 0
    before: "Observation | None" = None
    found: float = 0.0
    ways: tuple[tuple[float, float], ...] = ()
    others: "tuple[tuple[float, Observation], ...]" = ()

    @property
    def answer(self) -> float:
        """Of all filters, on average."""
        return float(self.answers.mean())

    def gain(self, angle: float) -> float | None:
        """The log of what the filters answer where the object is known to lie, over the most that
        they answer where it does not; None where there is no telling."""
        there = [answer for way, answer in self.ways if not are_apart(way, angle)]
        elsewhere = [answer for way, answer in self.ways if are_apart(way, angle)]
        if not elsewhere:
            return None
        # Where it was not even tried to lie as it does, that is what looks least like it.
        return max(there, default=min(elsewhere)) - max(elsewhere)

    def lying(self, angle: float) -> "Observation":
        """Of what cannot be left out, itself or what is seen where it is known to lie."""
        if not are_apart(self.box.angle, angle):
            return self
        ways = (other for _, other in self.others if not are_apart(other.box.angle, angle))
        return next(ways, self)

    @property
    def by_depth(self) -> tuple["Observation", ...]:
        """What was seen at each depth, itself last."""
        return (*(self.before.by_depth if self.before else ()), self)


_Step = tuple[Floats, Observation]
"""Where the prior leaves the landmarks (L, 2), in image pixels, and what the filters see."""


@dataclass(frozen=True, eq=False)
class _Glance:
    """At one way to lie. first: the box to start from, drawn: (L, 2) the mean shape in it, in image
    pixels; around: where the object may be; steps: from level to level, from the pose that all
    filters of the first one like best."""

    first: Box
    drawn: Floats
    around: Surroundings
    steps: Sequence[_Step]

    @property
    def answer(self) -> float:
        """Of the filters, on average over the levels: surroundings tell ends from each other that
        look alike from close by."""
        return float(np.mean([seen.answer for _, seen in self.steps]))

    @property
    def angle(self) -> float:
        """Of the frame in which it is seen, in radians."""
        return self.steps[-1][1].box.angle


@dataclass(frozen=True, eq=False)
class _Seen:
    """first: the box to start from; points and flowed: (L, 2) in image pixels, where the landmarks
    are thought to be, and where flow has carried them."""

    first: Box
    points: Floats
    observation: Observation
    flowed: Floats


@dataclass(frozen=True, eq=False)
class Search:
    """views: templates. filters: (L, F) of each level, of which the first are `LEVELS`. prior: over
    shapes in their common frame. turns: whether a box may have to be turned by any angle to show
    the object as they do. leaning: by which it has then; None where all are alike. gains: (n,) of
    labelled objects, as of `Observation`, below 0 of one that was taken for lying the other way."""

    frames: Frames
    views: Sequence[View]
    filters: Sequence[tuple[Level, Floats]]
    prior: ShapeMixture
    turns: bool
    leaning: Leaning | None = None
    gains: Floats = field(default_factory=lambda: np.zeros(0))

    def down_to(self, depth: int) -> "Search":
        """That looks no closer. depth: as of `Observation`."""
        return replace(self, filters=self.filters[: len(LEVELS) + depth])

    def observe(self, pixels: Pixels, box: Box) -> Observation:
        """What answers best, of the angles at which the object may lie."""
        pixels = greyed(pixels)
        boxes = self._ways(pixels, box)
        if len(boxes) == 1:
            return self._seen_closer(pixels, self._glanced(pixels, boxes[0][0], 1, box), box)
        ways = [(self._glanced(pixels, way, len(LEVELS), box), before) for way, before in boxes]
        slope = slope_of(self.gains)
        odds = [slope * log_answer(glance.answer) + before for glance, before in ways]
        own, *rivals = _apart([glance.angle for glance, _ in ways], odds)
        found = self._seen_closer(pixels, ways[own][0], box)
        if not rivals:
            return found
        return replace(
            found,
            ways=tuple((ways[n][0].angle, log_answer(ways[n][0].answer)) for n in (own, *rivals)),
            others=tuple(
                (probability, self._seen_closer(pixels, ways[n][0], box))
                for n, probability in _open([own, *rivals], odds, self._left_out)
            ),
        )

    @property
    def _left_out(self) -> float:
        return _LEFT_OUT if len(self.gains) else _LEFT_OUT_UNTRIED

    def _seen_closer(self, pixels: Pixels, glance: _Glance, box: Box) -> Observation:
        found = self._closer(pixels, self._observed(pixels, glance))
        moments = room(found.box.to_image(found.points), box)
        return replace(found, room=found.box.covariance_to_frame(moments))

    def _ways(self, pixels: Pixels, box: Box) -> list[tuple[Box, float]]:
        """In which the object may lie, each with the log of how probable that is before it is
        looked at, but for a constant: as the box does, of which objects that lean may be said to
        be turned against how these usually lie; or in a box that may have to be turned, from both
        ends, and before these as objects that lean usually do, and a little beside."""
        if not self.turns:
            return [(box, 0.0)]
        if box.angle != 0.0:
            middles = [0.0] if self.leaning is None else [0.0, self.leaning.middle]
            return [(box.moved(turn=middle), 0.0) for middle in middles]
        if self.leaning is None:
            tried = [(TURNS[turn], 0.0) for turn in self._ends(pixels, box, range(len(TURNS)))]
        else:
            ends = self._ends(pixels, box, self.leaning.elsewhere)
            beside = self.leaning.beside
            alike = likeness(self.frames, self.views, pixels, box, beside)
            odds = self.leaning.log_odds
            turns = [beside[int(np.argmax(alike))], *ends]
            tried = [(self.leaning.middle, 0.0), *((TURNS[n], float(odds[n])) for n in turns)]
        return [(box.moved(turn=turn), odds) for turn, odds in tried]

    def _glanced(self, pixels: Pixels, way: Box, levels: int, box: Box) -> _Glance:
        drawn = way.to_image(self.frames.drawn)
        first = similarity_box(self.frames.reference, drawn, way)
        around = Surroundings.of(box, drawn, first.side)
        start = posed(pixels, first, self._shapes, *self.filters[0], around)
        return _Glance(first, drawn, around, self._steps(pixels, first, start, 0, levels))

    def _observed(self, pixels: Pixels, glance: _Glance) -> _Seen:
        """Twice by flow from whole images, then by the filters: from what the flow says, or as
        glanced at, wherever they find themselves most at home."""
        first, (start, *rest) = glance.first, glance.steps
        flowed = self._flowed(pixels, first, glance.drawn)
        from_flow = self._stepped(pixels, first, flowed, *self.filters[0])
        within = glance.around.hold(from_flow[0])
        if from_flow[1].answer >= start[1].answer and within:
            start, rest = from_flow, []
        rest = rest or self._steps(pixels, first, start[0], 1, len(LEVELS))
        points, observation = rest[-1]
        return _Seen(first, points, _beside(observation, flowed), flowed)

    def _steps(
        self, pixels: Pixels, first: Box, points: Floats, level: int, end: int
    ) -> list[_Step]:
        """From this level to the one before `end`."""
        steps: list[_Step] = []
        for each in self.filters[level:end]:
            steps.append(self._stepped(pixels, first, points, *each))
            points = steps[-1][0]
        return steps

    def observe_around(
        self, pixels: Pixels, points: Floats, evidence: Sequence[Evidence], box: Box
    ) -> Observation:
        """What is seen where the landmarks (L, 2) are thought to be, in image pixels: in the frame
        that fits those, by flow and by the filters, from which the prior and what people have said
        lead from level to level. box: of the object, whose size a single landmark does not show."""
        pixels = greyed(pixels)
        first = similarity_box(self.frames.reference, points, box)
        flowed = self._flowed(pixels, first, points)
        for level, filters in self.filters[: len(LEVELS)]:
            points, observation = self._stepped(pixels, first, points, level, filters, evidence)
        seen = _Seen(first, points, _beside(observation, flowed), flowed)
        return self._closer(pixels, seen, evidence)

    def _closer(
        self, pixels: Pixels, seen: "_Seen", evidence: Sequence[Evidence] = ()
    ) -> Observation:
        """From level to level as far as the image shows it. The answer stays that of the levels
        that all images show, by which they are compared."""
        first, points, observation = seen.first, seen.points, seen.observation
        for level, filters in self.filters[len(LEVELS) :]:
            if not resolves(self._fitted(points, first), level.size):
                break
            points, close = self._stepped(pixels, first, points, level, filters, evidence)
            observation = replace(
                _beside(close, seen.flowed),
                spreads=close.spreads + out_of_sight(observation.spreads, level.window),
                answers=observation.answers,
                depth=observation.depth + 1,
                before=observation,
            )
        return observation

    def _flowed(self, pixels: Pixels, first: Box, points: Floats) -> Floats:
        """(L, 2) where flow carries the templates' landmarks, from whole images around `points`."""
        for affine in (True, False):
            fitted = self._fitted(points, first)
            target = evened(look(pixels, fitted))
            views = nearest(self.views, target)
            doubts = np.stack([view.doubts for view in views])
            found = carried(views, target, affine)
            points = fitted.to_image(_middle(found, doubts, self.frames.reference))
        return points

    @cached_property
    def _shapes(self) -> Floats:
        """(S, L, 2) the mean shape, and those of the templates in its size."""
        reference = self.frames.reference
        seen = [np.where(np.isfinite(each.points), each.points, reference) for each in self.views]
        return np.stack([reference, *seen])

    def _stepped(
        self,
        pixels: Pixels,
        first: Box,
        points: Floats,
        level: Level,
        filters: Floats,
        evidence: Sequence[Evidence] = (),
    ) -> _Step:
        """evidence: goes before what the filters see of its landmarks."""
        fitted = self._fitted(points, first)
        maps = gradient_maps(look(pixels, fitted, level.size))
        means, spreads, answers = found_near(maps, filters, level, fitted.to_frame(points))
        known, doubts = means.copy(), spreads.copy()
        for piece in evidence:
            known[piece.landmark] = fitted.to_frame(piece.position)
            doubts[piece.landmark] = fitted.covariance_to_frame(piece.covariance)
        points = fitted.to_image(fused_mean(self.prior, known, doubts))
        return points, Observation(fitted, means, spreads, np.zeros(0), answers)

    def _fitted(self, points: Floats, first: Box) -> Box:
        """Unless it is not plausible: templates of something else would lead anywhere."""
        box = similarity_box(self.frames.reference, points, first)
        away = np.hypot(box.centre_x - first.centre_x, box.centre_y - first.centre_y)
        plausible = 0.5 < box.side / first.side < 2.0 and away < REACH * first.side
        return box if plausible else first

    def _ends(self, pixels: Pixels, box: Box, turns: Sequence[int]) -> list[int]:
        """Which of these of TURNS show the object most like the templates: one, and the best of
        those that are far from it: many things look alike from both ends. Of what looks alike from
        several sides, as a star does, all that stand out at least a third as much as the first."""
        alike = likeness(self.frames, self.views, pixels, box, turns)
        angles = np.array(TURNS)[list(turns)]
        best = int(np.argmax(alike))
        away = np.cos(angles - angles[best]) < 0.5
        found = [best, int(np.argmax(np.where(away, alike, -np.inf)))]
        usual = float(np.median(alike))
        for n in np.argsort(-alike, kind="stable").tolist():
            stands_out = alike[n] - usual > (alike[best] - usual) / 3
            if stands_out and all(are_apart(angles[n], angles[other]) for other in found):
                found.append(n)
        return [turns[n] for n in found]


def _apart(angles: Sequence[float], odds: Sequence[float]) -> list[int]:
    """Which of these angles, in radians, are those of different ways to lie: of what is the same
    way the likeliest; the likeliest of all first."""
    kept: list[int] = []
    for n in sorted(range(len(odds)), key=lambda n: -odds[n]):
        if all(are_apart(angles[n], angles[other]) for other in kept):
            kept.append(n)
    return kept


def _open(ways: Sequence[int], odds: Sequence[float], left_out: float) -> list[tuple[int, float]]:
    """Which of these but the first, the likeliest, cannot be left out, and how probable each is.
    left_out: probability up to which none of them is of interest."""
    weights = np.exp(np.array([odds[n] for n in ways]) - odds[ways[0]])
    weights /= weights.sum()
    rest = np.cumsum(weights[::-1])[::-1]
    if rest[1] <= left_out:
        return []
    return [
        (n, float(weight))
        for n, weight, left in zip(ways[1:], weights[1:], rest[1:], strict=True)
        if left > _LEFT_OUT
    ]


def _beside(observation: Observation, flowed: Floats) -> Observation:
    """With how far what flow has carried (L, 2), in image pixels, is from it."""
    away = observation.box.to_frame(flowed) - observation.points
    return replace(observation, scales=np.linalg.norm(away, axis=1))


def _middle(found: Floats, doubts: Floats, otherwise: Floats) -> Floats:
    """(L, 2) the weighted median over views (T, L, 2), of which those with little doubt (T, L)
    count most; where no view has a landmark, the mean shape's."""
    known = np.isfinite(found[..., 0])
    weights = np.where(known, 1 / np.maximum(doubts, _LEAST_DOUBT) ** 2, 0.0)
    order = np.argsort(found, axis=0)
    in_order = np.take_along_axis(found, order, axis=0)
    weighed = np.take_along_axis(np.repeat(weights[..., None], 2, axis=-1), order, axis=0)
    shares = np.cumsum(weighed, axis=0) / np.maximum(weighed.sum(axis=0), 1e-300)
    # Between the last that half the weight is not beyond, and the first that it is.
    lower = np.argmax(shares >= 0.5 - 1e-9, axis=0)[None]
    upper = np.argmax(shares > 0.5 + 1e-9, axis=0)[None]
    both = [np.take_along_axis(in_order, at, axis=0)[0] for at in (lower, upper)]
    return np.where(known.any(axis=0, keepdims=True).T, np.mean(both, axis=0), otherwise)
