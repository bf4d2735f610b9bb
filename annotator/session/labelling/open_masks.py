"""The masks of the instance that is open, and what a hand makes of them."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from landmark_annotator.backends.borders.border_statistics import Borders
from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from landmark_annotator.backends.parsers import known_borders
from landmark_annotator.backends.shapes import Posterior
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Evidence, Mask, MaskProvenance, RegionMask
from landmark_annotator.projects.vocabulary.region import left_for

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.labelling.session import LabellingSession
    from landmark_annotator.annotator.session.labelling.view import View


class OpenMasks:
    """stored: by region, in the order of the scheme. proposed: a model's, of regions of which
    nobody has said anything."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.stored: Mapping[str, RegionMask] = {}
        self.proposed: Mapping[str, Mask] = {}
        self._borders: Borders | None = None
        self._size: tuple[int, int] | None = None
        self._instance: int | None = None
        self._first: Mapping[str, Mask] = {}
        self._anew: Mapping[str, Mask] = {}
        """What is proposed for the instance, and of it what was proposed again meanwhile."""

    def read(self, instance_id: int, *, hidden: bool) -> None:
        """hidden: from this person, who labels the same object."""
        self.stored = {} if hidden else self._project.masks(instance_id)
        self._borders = None
        if any(one.mask for one in self.stored.values()):
            scheme = self._project.scheme
            self._borders = known_borders(self._project.folder / "models", scheme)
            image = self._project.image(self._project.instance(instance_id).image_id)
            self._size = image.width, image.height
        found = self._project.mask_proposal(instance_id)
        if instance_id != self._instance:
            self._instance, self._anew = instance_id, {}
        self._first = {} if found is None else found.masks
        self._propose()

    def propose_anew(self, masks: Mapping[str, Mask]) -> bool:
        """In the place of those that are proposed for the open instance, until another is read;
        nothing: as they were. Whether it changes anything."""
        before, self._anew = self.proposed, masks
        self._propose()
        return self.proposed != before

    def _propose(self) -> None:
        """As accepting leaves them."""
        said = {name: stored.mask for name, stored in self.stored.items()}
        self.proposed = {
            name: left_for(self._anew.get(name, mask), self._project.scheme.regions, name, said)
            for name, mask in self._first.items()
            if name not in said
        }

    @property
    def tell(self) -> bool:
        """Whether what somebody has said of regions may say something of landmarks."""
        return self._borders is not None

    @property
    def said(self) -> tuple[tuple[str, Mask], ...]:
        """What people said, and files: no model's word is evidence for another."""
        return tuple((name, one.mask) for name, one in self.stored.items())

    def evidence(
        self, believed: Posterior, side: float, without: Collection[int]
    ) -> list[Evidence]:
        """See `border_evidence`."""
        if self._borders is None:
            return []
        return border_evidence(believed, side, dict(self.said), self._borders, without, self._size)

    @property
    def shown(self) -> dict[str, RegionMask]:
        """All of them."""
        proposed = {
            name: RegionMask(mask, MaskProvenance.PROPOSED) for name, mask in self.proposed.items()
        }
        return {**self.stored, **proposed}

    def of(self, region: str) -> Mask:
        """Empty where nobody has said anything."""
        found = self.shown.get(region)
        return Mask() if found is None else found.mask


def set_masks(
    session: "LabellingSession", masks: Mapping[str, RegionMask | None], title: str
) -> "View":
    """What a person says of regions of the open instance, as one step for undo."""
    store, instance_id = session.project.set_masks, session.view.instance.id
    return session.acted(partial(store, instance_id, masks, title=title, duration=session.lap()))
