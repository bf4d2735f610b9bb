"""What labelled images teach together, and each of them looked at by what the others teach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.registration.calibration import Look
from landmark_annotator.backends.registration.filters import Sums, filters_of, summed, sums_of
from landmark_annotator.backends.registration.leaning import Leaning
from landmark_annotator.backends.registration.search import Search
from landmark_annotator.backends.registration.stopping import refuse_stopped
from landmark_annotator.backends.registration.templates import Frames, View, views_of
from landmark_annotator.backends.shapes import ShapeMixture, prior_proposal
from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.backends.shapes.fitting.prior import box_slack, shape_slack
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.scheme import Scheme

_BOX_DEVIATION = 0.05
"""How differently people draw one box: shift in sides, and log scale."""
_SLACK = (4.0, 0.02)
"""Looks, and how far in sides a fitted box is off in them, that count before any."""
_MODELLED = (Provenance.INFERRED, Provenance.FILLED, Provenance.RULED)


@dataclass(frozen=True, eq=False)
class Part:
    """One labelled image. views: itself and perhaps its mirror image, and their sums together.
    drawn: (L, 2) in the frame of its own box, turned by its heading where the scheme has one."""

    instance: LabelledInstance
    box: Box
    views: Sequence[View]
    sums: tuple[Sums, ...]
    drawn: Floats

    @property
    def points(self) -> Floats:
        """(L, 2) in the common frame."""
        return self.views[0].points


@dataclass(frozen=True, eq=False)
class LabelledViews:
    """leaning: whether objects are turned about as labelled ones are; else they point anywhere,
    where the scheme has a heading."""

    scheme: Scheme
    frames: Frames
    parts: Sequence[Part]
    leaning: bool = False

    @classmethod
    def of(
        cls,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        progress: Progress = SILENT,
        *,
        leaning: bool = False,
    ) -> "LabelledViews":
        """progress: as of `RegistrationModel.of`. Raises TooFewLabels where there is none, or
        none can be read, and Cancelled."""
        if not instances:
            raise TooFewLabels(
                "Registration needs a labelled image that can be read.",
                remedy="Label one instance completely by hand; from the second on the tool helps.",
            )
        frames = Frames.of(instances, scheme)
        parts: list[Part] = []
        readable: list[LabelledInstance] = []
        all_read = True
        # One after the other: all at once large photographs would fill the memory.
        for instance, box in zip(instances, frames.boxes, strict=True):
            refuse_stopped(progress)
            try:
                pixels = instance.read_pixels()
            except ActionableError:
                all_read = False
                continue
            readable.append(instance)
            progress.advance()
            if all_read:
                parts.append(_part(instance, pixels, box, frames, scheme, len(parts)))
        if not all_read:
            # The common frame is of those alone.
            return cls.of(readable, scheme, progress, leaning=leaning)
        return cls(scheme, frames, parts, leaning)

    def search(self) -> Search:
        """By all of them."""
        return self._search(self.parts)

    def look(self, index: int, seed: int) -> tuple[Look, ...]:
        """At one of them by the others that are not related to it, in a box as a person draws it:
        from depth to depth (`Observation`), as far as its image shows it. Nothing where the others
        do not know all landmarks. Where all are related, by all the others."""
        search = self.without(index)
        if search is None:
            return ()
        shape, others = self.parts[index].instance.shape, self._others(index)
        pixels, box = self.drawn_again(index, seed)
        observation = search.observe(pixels, box)
        modelled = np.array([mark in _MODELLED for mark in shape.provenance])
        variances = np.trace(shape.covariances, axis1=1, axis2=2) / 2
        mean, covariance = fit_gaussian(
            np.stack([other.drawn for other in others]), None, self.frames.symmetry
        )
        rival = ShapeMixture(np.zeros(1), mean[None], covariance + box_slack(mean, _BOX_DEVIATION))
        angle = self.parts[index].box.angle
        # That it may lie another way is told by the mixture of all, not by how far each is off.
        lying = observation.lying(angle)
        proposed = prior_proposal(rival, box, self.scheme)
        astray = 0.0
        if lying is not observation:
            there = lying.box.to_image(lying.points)
            seems = np.linalg.norm(observation.box.to_image(observation.points) - there, axis=1)
            unknown = np.linalg.norm(proposed.given([]).points - shape.points, axis=1)
            astray = min(float(seems.mean()), float(np.nanmean(unknown))) / lying.box.side
        return tuple(
            Look(
                seen,
                seen.box.to_frame(shape.points),
                np.where(modelled, np.nan_to_num(variances / seen.box.side**2), 0.0),
                search.prior,
                proposed,
                observation.gain(angle),
                astray,
            )
            for seen in lying.by_depth
        )

    def without(self, index: int) -> Search | None:
        """By those that are not related to one of them; see `look`."""
        others = self._others(index)
        if not others:
            return None
        try:
            return self._search(others)
        except TooFewLabels:
            return None

    def _others(self, index: int) -> Sequence[Part]:
        own = self.parts[index].instance.split_key
        others = [*self.parts[:index], *self.parts[index + 1 :]]
        return [each for each in others if each.instance.split_key != own] or others

    def drawn_again(self, index: int, seed: int) -> tuple[Pixels, Box]:
        """The image of one of them, and its box as another hand draws it: nobody has drawn one that
        is the whole image."""
        instance = self.parts[index].instance
        pixels, box = instance.read_pixels(), instance.box
        if box == Box.whole_image(pixels.shape[1], pixels.shape[0]):
            return pixels, box
        random = np.random.default_rng((seed, index))
        x, y, size = (float(v) for v in random.normal(0, _BOX_DEVIATION, 3))
        return pixels, box.moved((x, y), float(np.exp(size)))

    def slack(self, truths: Sequence[Floats]) -> Floats:
        """(2L, 2L) covariance by which the boxes that were found differ from the common frame."""
        reference = self.frames.reference
        return shape_slack(reference, np.array(truths).reshape(-1, *reference.shape), _SLACK)

    def _search(self, parts: Sequence[Part]) -> Search:
        """The same of all as of all but one: what is calibrated by the one has to hold for it."""
        sums = summed([part.sums for part in parts])
        shapes = np.stack([part.points for part in parts])
        # One size for all: shapes whose points are equally sure are then fitted as one.
        size = np.median([part.instance.box.side / part.box.side for part in parts])
        noise = size * np.stack([label_deviations(part.instance.shape) for part in parts])
        mean, covariance = fit_gaussian(shapes, noise, self.frames.symmetry)
        return Search(
            self.frames,
            [view for part in parts for view in part.views],
            filters_of(sums),
            ShapeMixture(np.zeros(1), mean[None], covariance),
            self.scheme.heading is not None,
            self._leaning_of(parts) if self.leaning else None,
        )

    def _leaning_of(self, parts: Sequence[Part]) -> Leaning:
        turned = [headed(part.instance.box, part.instance.shape, self.scheme) for part in parts]
        return Leaning.of(np.array([box.angle for box in turned]))


def _part(
    instance: LabelledInstance, pixels: Pixels, box: Box, frames: Frames, scheme: Scheme, seed: int
) -> Part:
    """seed: of what is drawn of its surroundings."""
    doubts = label_deviations(instance.shape) * instance.box.side / box.side
    views = views_of(pixels, box, instance.shape, doubts, frames.symmetry)
    drawn = headed(instance.box, instance.shape, scheme).to_frame(instance.shape.points)
    return Part(instance, box, views, summed([sums_of(view, seed) for view in views]), drawn)
