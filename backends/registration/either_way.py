"""Registration of objects that face either way, from labelled images of both kinds.

Those that face the other way are learned mirrored, so that there is one kind. An image is looked
at as it is and mirrored. Which of the two it is the filters' answers say, as far as they do on
labelled images; what is left open is a mixture of both, which clicks settle.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landmark_annotator.backends.registration.calibration import CLICKS
from landmark_annotator.backends.registration.gains import (
    BEFORE,
    gain_of,
    log_normal,
    slope_of,
    usual_gain,
)
from landmark_annotator.backends.registration.kinds import one_of
from landmark_annotator.backends.registration.labelled_views import LabelledViews
from landmark_annotator.backends.registration.model import RegistrationModel, templates
from landmark_annotator.backends.registration.places import likelier, places, squared_distances
from landmark_annotator.backends.registration.reliability import UsualAnswers
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.facing import (
    mirror_in_box,
    mirror_of,
    mirrored_box,
    mirrored_drawn_box,
    mirrored_instance,
    mirrored_pixels,
    nearer_its_mirror_image,
)
from landmark_annotator.backends.shapes.however_shown import however_shown
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MOST_LOOKS, _FEWER_LOOKS = 12, 4
"""The fewer where no labelled object faces the other way, at the first image that may show one:
somebody waits for what is proposed there."""
_LEFT_OUT = 0.05
"""Probability up to which it is left out that an object faces as no labelled one does."""
_LEFT_OUT_UNTRIED = 0.25
"""The same of a single label, which does not show what a gain says."""
_ALIKE = 0.5
"""Of things of which all that are labelled face one way, those that look like their own mirror
image: before that is seen, who knows."""
_ALIKE_SPREAD = 0.1
"""Of the gains of these, whose mean is nothing."""
_FAR = 30.0
"""Squared distance of a click from what was proposed, in units of the covariance: five times what
holds 95 % of them."""


@dataclass(frozen=True, eq=False)
class EitherWay:
    """model: of one kind. learned: what it has learned from, all of that kind. faced: how many of
    those faced so before they were mirrored. leaning: as of `LabelledViews`. cost: as of
    `RegistrationModel`, with what taking one kind for the other costs as often as it happens among
    labelled images."""

    model: RegistrationModel
    scheme: Scheme
    learned: Sequence[LabelledInstance]
    faced: int
    seed: int
    leaning: bool = False

    @classmethod
    def of(
        cls,
        instances: Sequence[LabelledInstance],
        others: Bools,
        scheme: Scheme,
        seed: int = 0,
        progress: Progress = SILENT,
        *,
        leaning: bool = False,
    ) -> "EitherWay":
        """others: (N,) which of the labelled images face the other way. The rest as of
        `RegistrationModel.of`."""
        alike, faced = [], 0
        for each, other in zip(instances, others, strict=True):
            with suppress(ActionableError):
                alike.append(mirrored_instance(each, scheme) if other else each)
                faced += not other
        model = RegistrationModel.of(alike, scheme, seed, progress, leaning=leaning)
        return cls(model, scheme, alike, faced, seed, leaning)

    @property
    def cost(self) -> float | None:
        if self.model.cost is None or self._one_way:
            return self.model.cost
        reference = self.model.search.frames.reference
        apart = np.linalg.norm(mirror_of(self.scheme).of_mean(reference).reshape(-1, 2) - reference)
        # Also of those that it happens to take for the right ones, it may not be sure.
        wrong = float((1 / (1 + np.exp(self._slope * self._gains))).mean())
        # Before the first click, which settles it.
        return self.model.cost + wrong * float(apart) / math.sqrt(len(reference)) / (CLICKS + 1)

    @property
    def helps(self) -> bool:
        """As of `RegistrationModel`."""
        return self.model.helps

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The distribution over shapes for the object in the box, in image pixels: a mixture of all
        ways in which it may face and lie, where that is open. Where all labelled ones face one way,
        an image is looked at in the mirror only where it may well show the other one. Objects
        without a heading are found whichever way up the image is, and all of them in its negative.
        """
        turned = not self.model.search.turns
        return however_shown(self._in_box, pixels, box, light=False, turned=turned)

    def _in_box(self, pixels: Pixels, box: Box) -> Proposal:
        """As it lies in the box."""
        model, width = self.model, pixels.shape[1]
        own = model.search.observe(pixels, box)
        if self._one_way and not self._may_face_the_other_way(own):
            return model.lying(own)
        there = mirrored_drawn_box(box, width, self.scheme)
        other = model.search.observe(mirrored_pixels(pixels), there)
        odds = self._odds(own, other)
        if self._one_way and 1 - odds <= self._left_out:
            return model.lying(own)
        ways = [(odds * weight, way) for weight, way in model.ways(own)]
        for weight, way in model.ways(other):
            ways.append(((1 - odds) * weight, self._mirrored(way, width)))
        (_, first), *others = sorted(ways, key=lambda each: -each[0])
        return one_of(first, others)

    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """As of `RegistrationModel`, facing as the evidence leaves the landmarks."""
        if not evidence:
            return proposal
        return however_shown(
            lambda shown, _: self._again(shown, proposal, evidence),
            pixels,
            proposal.box,
            light=False,
            turned=False,
        )

    def _again(self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]) -> Proposal:
        width, looks = pixels.shape[1], []
        for points in places(proposal, evidence):
            mirrored = self._faces_the_other_way(points)
            looks.append((mirrored, self._around(pixels, points, evidence, proposal.box, mirrored)))
        gains = self.model.search.gains
        best, seen = likelier(proposal, evidence, [look for _, look in looks], gains)
        mirrored = looks[best][0]
        # Where it was open, the evidence has chosen.
        open_ = self._may_face_either_way(proposal)
        if not open_ and (proposal.unfamiliar or _contradicted(proposal, evidence)):
            # It may have been taken for one of the other kind, in the same place.
            points = proposal.box.to_image(self._reference(not mirrored))
            other = self._around(pixels, points, evidence, proposal.box, not mirrored)
            odds = self._odds(*((other, seen) if mirrored else (seen, other)))
            if (odds < 0.5) != mirrored:
                mirrored, seen = not mirrored, other
        found = self.model.believed(seen)
        return self._mirrored(found, width) if mirrored else found

    def propose_around(self, pixels: Pixels, points: Floats, box: Box) -> Proposal:
        """As of `RegistrationModel`, facing as the landmarks do."""
        mirrored = self._faces_the_other_way(points)

        def look(shown: Pixels, one: Box) -> Proposal:
            found = self.model.believed(self._around(shown, points, (), one, mirrored))
            return self._mirrored(found, shown.shape[1]) if mirrored else found

        return however_shown(look, pixels, box, light=False, turned=False)

    def alone(self, pixels: Pixels, box: Box) -> Proposal:
        """As of `RegistrationModel`, in the image as it is."""
        return self.model.alone(pixels, box)

    def _faces_the_other_way(self, points: Floats) -> bool:
        return nearer_its_mirror_image(self.model.search.frames.reference, points, self.scheme)

    def _reference(self, mirrored: bool) -> Floats:
        """(L, 2) of either kind, in the frame of a box in which the object lies, that is turned by
        the heading where the scheme has one."""
        reference = self.model.search.frames.reference
        if not mirrored:
            return reference
        return mirror_in_box(self.scheme).of_mean(reference).reshape(-1, 2)

    def _around(
        self, pixels: Pixels, points: Floats, evidence: Sequence[Evidence], box: Box, mirrored: bool
    ) -> Observation:
        """mirrored: whether it is looked at in the mirror."""
        search, width = self.model.search, pixels.shape[1]
        if not mirrored:
            return search.observe_around(pixels, points, evidence, box)
        there = points[list(self.scheme.mirror)] * [-1.0, 1.0] + [width - 1.0, 0.0]
        told = [self._mirrored_evidence(piece, width) for piece in evidence]
        image, around = mirrored_pixels(pixels), mirrored_box(box, width)
        return search.observe_around(image, there, told, around)

    def _mirrored_evidence(self, piece: Evidence, width: int) -> Evidence:
        x, y = piece.position
        return replace(
            piece,
            landmark=self.scheme.mirror[piece.landmark],
            position=np.array([width - 1.0 - x, y]),
            covariance=piece.covariance * np.array([[1.0, -1.0], [-1.0, 1.0]]),
        )

    @cached_property
    def _gains(self) -> Floats:
        """(n,) of labelled images, looked at by the others: the log of what the filters answer over
        what they answer on the mirror image."""
        views = LabelledViews.of(templates(self.learned), self.scheme, leaning=self.leaning)
        most = _FEWER_LOOKS if self._one_way else _MOST_LOOKS
        order = np.random.default_rng(self.seed).permutation(len(views.parts))[:most]
        found = []
        for index in sorted(order.tolist()):
            search = views.without(index)
            if search is None:
                continue
            pixels, box = views.drawn_again(index, self.seed)
            there = mirrored_drawn_box(box, pixels.shape[1], self.scheme)
            own = search.observe(pixels, box)
            other = search.observe(mirrored_pixels(pixels), there)
            found.append(gain_of(own.answer, other.answer))
        return np.array(found)

    @property
    def _one_way(self) -> bool:
        """Whether all labelled ones face alike."""
        return self.faced == len(self.learned)

    def _may_face_either_way(self, proposal: Proposal) -> bool:
        """Whether some of the kinds that are proposed face one way, and some the other."""
        if not proposal.kinds:
            return False
        means = proposal.mixture.means(proposal.mixture.leading)
        return len({self._faces_the_other_way(points) for points in means}) > 1

    @property
    def _left_out(self) -> float:
        return _LEFT_OUT if len(self._gains) else _LEFT_OUT_UNTRIED

    def _may_face_the_other_way(self, own: Observation) -> bool:
        """Before it is looked at in the mirror: by what filters mostly answer less to things that
        face the other way; only if that leaves it open by how much less to the labelled ones, which
        takes seconds to find out."""
        if self.model.usual is None:
            return True  # nobody knows what they answer to those
        mostly = self._before_a_look(own, self.model.usual, np.zeros(0))
        return mostly > _LEFT_OUT and (
            self._before_a_look(own, self.model.usual, self._gains) > _LEFT_OUT
        )

    def _before_a_look(self, own: Observation, usual: UsualAnswers, gains: Floats) -> float:
        """Probability, where all labelled ones face one way, that this one faces the other, by what
        the filters answer to it as it is: as to those, or less by the gain."""
        gain, variance = usual_gain(gains)
        width = math.hypot(usual.width, math.sqrt(variance))
        mirrored = UsualAnswers(usual.middle - gain, width, BEFORE + len(gains))
        log_odds = usual.log_density(own.answer) - mirrored.log_density(own.answer)
        return 1 / (1 + math.exp(min(self._log_odds_before + log_odds, 30.0)))

    @property
    def _log_odds_before(self) -> float:
        """That an object faces as those that are learned from, before it is looked at: after how
        often it was so."""
        return math.log((self.faced + 1) / (len(self.learned) - self.faced + 1))

    def _odds(self, own: Observation, other: Observation) -> float:
        """Probability that the object faces as those that are learned from: of two normal densities
        whose means are the gain and its opposite. What looks like its own mirror image, as a leaf
        does, is labelled by the sides of the picture, and faces as all others do."""
        seen = gain_of(own.answer, other.answer)
        gain, variance = usual_gain(self._gains)
        log_odds = self._log_odds_before + self._slope * seen
        if self._one_way:
            told = self._gains
            alike = log_normal(told, 0.0, _ALIKE_SPREAD**2) - log_normal(told, gain, variance)
            here = log_normal(seen, 0.0, _ALIKE_SPREAD**2) - log_normal(seen, -gain, variance)
            before = np.logaddexp(self._log_odds_before, 0.0) + math.log(_ALIKE / (1 - _ALIKE))
            log_odds = float(np.logaddexp(log_odds, before + alike.sum() + here))
        return 1 / (1 + math.exp(-min(max(log_odds, -30.0), 30.0)))

    @property
    def _slope(self) -> float:
        """What a gain of one adds to the log odds."""
        return slope_of(self._gains)

    def _mirrored(self, proposal: Proposal, width: int) -> Proposal:
        """Of the image that is so many pixels wide, by one of the mirrored image."""
        symmetry, mixture = mirror_of(self.scheme), proposal.mixture
        mean = symmetry.of_mean(mixture.mean).reshape(1, -1, 2)
        residual = symmetry.of_covariance(mixture.covariance)
        return replace(
            proposal,
            box=mirrored_box(proposal.box, width),
            mixture=ShapeMixture(np.zeros(1), mean, residual),
        )


def _contradicted(proposal: Proposal, evidence: Sequence[Evidence]) -> bool:
    """Whether people have placed a landmark where the proposal has ruled it out: all kinds, where
    it is of several."""
    return bool((squared_distances(proposal, evidence)[0] > _FAR).any(axis=1).all())
