"""A proposal for one instance, which clicks turn into a `Posterior`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes.conditioning import condition, one_each
from landmark_annotator.backends.shapes.displaced import LEAST, as_one, displaced, explained, moved
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.orientation import log_evidence
from landmark_annotator.backends.shapes.posterior import Posterior, check_belief
from landmark_annotator.backends.shapes.proposal_moments import (
    distances_of_kinds,
    mixed_moments,
    moments,
)
from landmark_annotator.backends.shapes.rules import MIXTURE, Rule
from landmark_annotator.backends.shapes.sight import Sight
from landmark_annotator.backends.shapes.unexpected import excess
from landmark_annotator.projects.vocabulary.arguments import check_fields
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.curve import nearest, smooth
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.own_boxes import square_around_all
from landmark_annotator.projects.vocabulary.scheme import Scheme

CLICK_DEVIATION = 0.004
"""Error of a person's click along each axis, in sides of the canonical box. One percent of the
inter-ocular distance, what people repeat on faces, is 0.0035 to 0.005 of it."""

STRETCH = 1.0
"""A click on a contour is taken to mean the stretch around its landmark: along the contour the
landmark lies within so many spacings to its neighbours (a standard deviation; on faces about 0.08
sides of the box), and within what was believed before besides, for a hand clicks on the contour
near the place where it is shown."""

_BESIDE = 0.2
"""Sides of the box off its contour beyond which a click was not on that: an object that lies so far
from where it is shown may lie any way round."""

_Belief = tuple[float, Box, ShapeMixture]

_LEAST_SIDE = 4.0
"""Pixels of a box in which a model may see anything."""

_LEAST_TURN = 1e-3
"""Share of the weight below which an angle of the box is left out."""


def novelty_widening(novelty: float | None) -> float:
    """By what a covariance is too small where the like was never seen (`Proposal.novelty`): nothing
    holds there that calibration has learned of errors."""
    return max(novelty or 1.0, 1.0)


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mixture in the frame of a box, which may be a refinement of the instance's own box.

    degrees: see `Posterior`. hidden: (L,) the probability that the photograph does not show the
    landmark, None where the model says nothing of it; no click changes it. turns: angles in radians
    by which the box may have to be turned, all equally likely before any click.

    novelty: how little the image shows here of what the model has learned to see, in units of what
    all but a few labelled images show; see `unfamiliar`. None where the model cannot tell.

    before: the same as its model made it, where a `Recalibration` has changed it.

    unlearned: landmarks that nobody has shown the model, which has them anywhere in the box. To a
    person they have no position until they are placed.

    object_box: what stands for a drawn box that is all of an image and says nothing of the object's
    size, as long as landmarks do not say it either; see `measure`.

    untold: whether no label has told how far the model errs: its covariances are what is assumed.

    widened: by how much the mixture's residual is wider than if the box showed the like of what the
    model has learned, at least 1 (`novelty_widening`).

    sight: whether the box shows the object at all; None where the model cannot tell.

    kinds: whether the classes of the mixture are kinds of which the object is one, and not shades
    of a shape. What is shown is then the likeliest: a mean of left and right is no shape at all.
    """

    box: Box
    mixture: ShapeMixture
    backend: str
    degrees: float = math.inf
    hidden: Floats | None = None
    turns: tuple[float, ...] = (0.0,)
    before: "Proposal | None" = None
    novelty: float | None = None
    unlearned: frozenset[int] = frozenset()
    object_box: Box | None = None
    kinds: bool = False
    untold: bool = False
    widened: float = 1.0
    sight: Sight | None = None

    def measure(self, drawn: Box | None, points: Floats) -> Box:
        """The box in whose size errors are told where a scheme names no length: the drawn one, for
        a model turns and scales what it looks into, or what stands for it, as of a stored shape.

        points: (n, 2) of all landmarks that are in the image, NaN where unknown.
        """
        if self.object_box is None:
            return drawn or self.box
        return square_around_all(points) or self.object_box

    @property
    def unfamiliar(self) -> bool:
        """Whether the box holds nothing that the model has learned to see, or hardly anything: an
        object or an image of another kind, or a box that is far off."""
        return self.novelty is not None and self.novelty > 1

    def __post_init__(self) -> None:
        """Raises ActionableError where `hidden` is no probability for each landmark: what a
        plug-in gives is checked where it gives it."""
        size, hidden = self.mixture.size, self.hidden
        if hidden is None:
            return
        found: object = hidden
        if (
            not isinstance(found, np.ndarray)
            or found.shape != (size,)
            or found.dtype.kind != "f"
            or not ((found >= 0) & (found <= 1)).all()
        ):
            raise ActionableError(
                f"The model {self.backend} does not say how probable it is of each landmark that "
                "it is hidden.",
                kept="Nothing was proposed.",
                remedy=f"Its author: give Proposal.hidden a NumPy array of {size} numbers from 0 "
                "to 1, one for each landmark, or None. Numbers of hidden landmarks, as up to the "
                "version before, are not enough.",
            )

    def _check(self) -> None:
        """Raises ActionableError for fields that are none, when the proposal is first asked: what
        a plug-in made is told to be the plug-in's mistake before that."""
        if "_checked" in vars(self):
            return
        check_fields(self)
        check_belief(self, self.mixture.size)
        if not len(self.turns) or not all(map(math.isfinite, self.turns)):
            raise ActionableError(
                f"Proposal takes as turns one finite angle or more, not {self.turns!a:.60}."
            )
        if not 1 <= self.widened < math.inf:
            raise ActionableError(
                f"Proposal takes as widened a number of at least 1, not {self.widened!a:.60}."
            )
        object.__setattr__(self, "_checked", True)

    @property
    def click_deviation(self) -> float:
        """Standard deviation of a click in pixels."""
        self._check()
        return CLICK_DEVIATION * self.box.side

    def given(self, evidence: Sequence[Evidence], rule: Rule = MIXTURE) -> Posterior:
        """The posterior after evidence in image pixels. The order of the evidence is of no matter.

        Always computed from the proposal itself, never from an earlier posterior, so taking a
        click back is leaving it out.
        """
        evidence = one_each(evidence)
        observed = sorted(piece.landmark for piece in evidence)
        likely = self._weighed(evidence if rule.turns_boxes else ())
        beliefs = [
            (weight, turned.box, turned.believed(evidence, rule)) for weight, turned in likely
        ]
        factor = 1.0
        if rule is MIXTURE:
            beliefs, factor = likely[0][1]._or_displaced(beliefs, evidence)
        points, covariances, drops = (
            moments(*beliefs[0][1:], self.kinds, CLICK_DEVIATION)
            if len(beliefs) == 1
            else mixed_moments(self.box, beliefs, CLICK_DEVIATION)
        )
        for piece in evidence:
            along = piece.free_along
            place = piece.position
            if along is not None:  # on the line through it, as near as that is to what is believed
                place = place + along * (along @ (points[piece.landmark] - place))
            points[piece.landmark] = place
        distances = None
        if self.kinds and len(beliefs) == 1:
            distances = distances_of_kinds(beliefs[0][2]) * beliefs[0][1].side
        if rule is MIXTURE:
            others = [j for j in range(len(points)) if j not in observed]
            covariances[others] *= factor
            drops *= math.sqrt(factor)
            if distances is not None:
                distances[others] *= math.sqrt(factor)
        drops[observed] = 0.0
        unlearned = self.unlearned.difference(observed)
        return Posterior(points, covariances, drops, self.degrees, unlearned, distances)

    def _excess(self, prior: ShapeMixture, learned: Sequence[Evidence]) -> float:
        """See `excess`."""
        count = self.mixture.size - len(self.unlearned)
        return excess(prior, learned, count, self.degrees)

    def _learned(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """In the frame, but for what is unlearned, which may be anywhere."""
        return self._framed([p for p in evidence if p.landmark not in self.unlearned])

    def _or_displaced(
        self, found: list[_Belief], evidence: Sequence[Evidence]
    ) -> tuple[list[_Belief], float]:
        """What is believed after evidence, and what its covariances have to be multiplied with,
        where the object may not be where it was expected (`displaced`). found: if it is there."""
        learned = self._learned(evidence)
        factor = self._excess(self.mixture, learned)
        # What was widened takes nothing for unexpected.
        asked = factor > 1 or (self.familiar is not None and bool(learned))
        known = displaced(self.mixture, learned, self.familiar) if asked else []
        missed = [each for each in known if each[0] > LEAST]
        if not missed:
            return found, factor
        kept = max(1 - sum(weight for weight, _ in missed), 0.0)
        framed = self._framed(evidence)
        beliefs = [(kept * weight, box, as_one(one, factor, framed)) for weight, box, one in found]
        for weight, turned in missed:
            prior = moved(self._shape, turned)
            there = as_one(condition(prior, framed), self._excess(prior, learned), framed)
            beliefs.append((weight, self.box, there))
        return beliefs, 1.0

    @cached_property
    def familiar(self) -> ShapeMixture | None:
        """What would be believed if the box showed the like of what the model has learned, where it
        does not and the mixture was widened for it."""
        if self.widened <= 1:
            return None
        return self.mixture.with_residual(self.mixture.residual / self.widened)

    @property
    def _shape(self) -> ShapeMixture:
        """Of the object, wherever it is."""
        return self.mixture if self.familiar is None else self.familiar

    def where_missed(self, evidence: Sequence[Evidence]) -> Box | None:
        """The box as it lies around the object by evidence in image pixels, where the model may
        have missed that: as the evidence says (`displaced`), or where it has never seen the like;
        else None."""
        learned = self._learned(evidence)
        if not learned:
            return None
        weight, turned = max(displaced(self.mixture, learned, self.familiar))
        if weight <= LEAST and not self.unfamiliar:
            return None
        there = condition(moved(self._shape, turned), learned).mean
        box = similarity_box(self._shape.mean, self.box.to_image(there), self.box)
        return box if box.side >= _LEAST_SIDE else None

    def explains(self, evidence: Sequence[Evidence]) -> float:
        """The log density, over image pixels, of the evidence where the object is as proposed."""
        learned = self._learned(evidence)
        return explained(self.mixture, learned) - 2 * len(learned) * math.log(self.box.side)

    def told(self, pieces: Sequence[Evidence]) -> "Proposal":
        """The same after evidence (image pixels) that comes from elsewhere than from a hand on the
        landmark itself, which may still be asked for. Where the angle of the box is open, nothing
        is heeded."""
        if not pieces or len(self.turns) > 1:
            return self
        return replace(self, mixture=condition(self.mixture, self._framed(pieces)))

    def traced(
        self, points: Floats, covariances: Floats, scheme: Scheme, landmark: int, position: Floats
    ) -> Evidence | None:
        """What a click at this place (2,) says that means the contour and not the landmark; None
        where the landmark is inside no contour, or at its end, where an eye sees how far it goes,
        or where the contour has no direction, or is nowhere beside the landmark.

        points (L, 2), covariances (L, 2, 2): what is believed before it. The direction is that of
        this contour where it is nearest to the click. Far beside it (`_BESIDE`) there is none: the
        landmark is around the click then, as near as it would be along the contour.
        """
        before, after = scheme.semilandmarks.get(landmark, (landmark, landmark))
        if landmark in (before, after) or np.isnan(points[[before, landmark, after]]).any():
            return None
        curve = scheme.contour_of(landmark)
        corners = smooth(points[list(curve.landmarks)], curve.closed)
        place, direction = nearest(position, corners)
        spacing = float(np.linalg.norm(points[[before, after]] - points[landmark], axis=1).mean())
        if np.linalg.norm(position - place) > _BESIDE * self.box.side:
            near = max(STRETCH * spacing, self.click_deviation)
            return Evidence.click(landmark, position, near)
        believed = float(direction @ covariances[landmark] @ direction)
        along = math.sqrt((STRETCH * spacing) ** 2 + max(believed, 0.0))
        if not math.isfinite(along):
            return None
        across = self.click_deviation
        return Evidence.on_contour(landmark, position, direction, across, max(along, across))

    def believed(self, evidence: Sequence[Evidence], rule: Rule = MIXTURE) -> ShapeMixture:
        """The mixture in the frame of the box after evidence in image pixels, whatever `turns`."""
        return rule.given(self.mixture, self._framed(evidence))

    def settled(self, evidence: Sequence[Evidence]) -> "Proposal":
        """The same with the box turned by the angle that is likeliest after the evidence."""
        return self._weighed(evidence)[0][1]

    def likeliest(self, evidence: Sequence[Evidence]) -> tuple[Box, ShapeMixture]:
        """Of all that `given` takes together the likeliest: the box, and what is believed in its
        frame. Of an object that is elsewhere than it was proposed, there."""
        settled = self.settled(evidence)
        there = 1.0, settled.box, settled.believed(evidence)
        found, _ = settled._or_displaced([there], evidence)
        best = max(found, key=lambda belief: belief[0])
        _, box, mixture = there if best is found[0] else best
        return box, mixture

    def _weighed(self, evidence: Sequence[Evidence]) -> list[tuple[float, "Proposal"]]:
        """Each angle that is not ruled out with its weight, the likeliest first."""
        self._check()
        if len(self.turns) == 1:
            return [(1.0, self)]
        turned = [replace(self, box=self.box.moved(turn=turn), turns=(0.0,)) for turn in self.turns]
        logs = np.array([log_evidence(each.mixture, each._framed(evidence)) for each in turned])
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        order = [int(i) for i in np.argsort(-weights, kind="stable") if weights[i] > _LEAST_TURN]
        kept = float(weights[order].sum())
        return [(float(weights[i]) / kept, turned[i]) for i in order]

    def _framed(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Raises ActionableError where a landmark is not one of the shape's."""
        self._check()
        highest = max((piece.landmark for piece in evidence), default=0)
        if highest >= self.mixture.size:
            raise ActionableError(
                f"There is no landmark {highest}: they are 0 to {self.mixture.size - 1}."
            )
        return [
            Evidence(
                piece.landmark,
                self.box.to_frame(piece.position),
                self.box.covariance_to_frame(piece.covariance),
            )
            for piece in evidence
        ]
