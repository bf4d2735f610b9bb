"""The sets of LANDMARK_DATA that show what the first labels are worth."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import (
    instances_of,
    london_scheme,
    set_named,
)
from landmark_annotator.annotator.protocols.datasets.labelled_frames import FIELD
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.projects.exchange.codecs import tem
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels


@dataclass(frozen=True)
class FewshotSet:
    """related: names of images that are of one thing: they are never labelled, but may be measured
    on. whole: the box is the whole image. weights: as of `CampaignSet`, what a network starts
    from."""

    name: str
    scheme: Callable[[], Scheme]
    read: Callable[[Scheme], list[LabelledInstance]]
    related: tuple[str, ...] = ()
    whole: bool = False
    weights: str | None = None

    def cut(
        self, seed: int, labels: int, tests: int
    ) -> tuple[list[LabelledInstance], list[LabelledInstance]]:
        """The first `labels` of a seeded order, and up to `tests` of the rest, in the squares
        around their landmarks. Related images are all in the rest."""
        everything = self.read(self.scheme())
        order = np.random.default_rng(seed).permutation(len(everything)).tolist()
        alone = [i for i in order if not self._is_related(everything[i])]
        training = alone[:labels]
        rest = [i for i in order if i not in set(training)]
        labelled = [everything[i] for i in training]
        if self.whole:
            labelled = [replace(each, box=_whole(each.read_pixels())) for each in labelled]
        return labelled, [everything[i] for i in rest[:tests]]

    def _is_related(self, instance: LabelledInstance) -> bool:
        return any(name in instance.key for name in self.related)

    def box(
        self, pixels: Pixels, instance: LabelledInstance, jitter: float, seed: int, index: int
    ) -> Box:
        """As a person draws it."""
        if self.whole:
            return _whole(pixels)
        return jittered(instance.box, jitter, seed, index)


def _whole(pixels: Pixels) -> Box:
    return Box.whole_image(pixels.shape[1], pixels.shape[0])


def _canada(scheme: Scheme) -> list[LabelledInstance]:
    return instances_of(tem.read(faces300w.data_folder() / "canada189", scheme))


def _as_campaign(
    name: str, other: str = "", related: tuple[str, ...] = (), whole: bool = False
) -> FewshotSet:
    one = set_named(name)
    return FewshotSet(other or name, one.scheme, one.read, related, whole, one.weights)


_ONE_PHOTOGRAPH = ("144.jpg", "173.jpg")
"""The data's README names them."""

FEWSHOT_SETS = (
    _as_campaign("ceph19", related=_ONE_PHOTOGRAPH),
    _as_campaign("ceph19", "ceph19-whole", _ONE_PHOTOGRAPH, whole=True),
    _as_campaign("fly32"),
    _as_campaign("london189"),
    FewshotSet("canada189", london_scheme, _canada),
    _as_campaign("helen"),
    FewshotSet("openfield4", FIELD.scheme, FIELD.read),
)
