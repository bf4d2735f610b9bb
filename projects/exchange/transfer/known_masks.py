"""Masks of a label file for instances that a project has already."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Mask, RegionMask
from landmark_annotator.projects.vocabulary.region import beside

_TITLE = "import of masks"


class KnownMasks:
    """Of one import: what it brings is one step for undo. Regions of which an instance has a mask
    keep it."""

    def __init__(self, project: Project, by: str, who: str, dry_run: bool) -> None:
        """by: who imports them. who: whose they are, where the file does not say."""
        self._project, self._by, self._who, self._dry_run = project, by, who, dry_run
        self._at = datetime.now(UTC)
        self._taken = set[int]()
        self._boxes: dict[int, Box | None] = {}

    def owner(self, entry: ImportedInstance, there: Sequence[int]) -> int | None:
        """The one of these instances that masks without landmarks lie on most; None for none. Two
        entries of one import are never of one instance."""
        whole = union(entry.masks)
        free = [number for number in there if number not in self._taken]
        # Once for all masks of an image of many objects.
        self._boxes = {n: self._boxes[n] if n in self._boxes else self._box(n) for n in free}
        covered = {number: self._covered(number, whole) for number in free}
        best = max(covered, key=lambda number: covered[number], default=None)
        return best if best is not None and covered[best] else None

    def _box(self, instance_id: int) -> Box | None:
        return self._project.instance(instance_id).box

    def _covered(self, instance_id: int, mask: Mask) -> int:
        """Pixels of the mask in the upright rectangle around the instance's box."""
        box = self._boxes[instance_id]
        if box is None:
            return 0
        cos, sin = abs(math.cos(box.angle)), abs(math.sin(box.angle))
        halves = (box.width * cos + box.height * sin) / 2, (box.width * sin + box.height * cos) / 2
        middle = box.centre_x, box.centre_y
        left, top = (math.floor(m - h + 0.5) for m, h in zip(middle, halves, strict=True))
        right, bottom = (math.floor(m + h + 0.5) for m, h in zip(middle, halves, strict=True))
        return mask.within((left, top, right - left, bottom - top)).area

    def mark_taken(self, record: InstanceRecord) -> None:
        """This import has brought the instance."""
        self._taken.add(record.id)

    def give(self, entry: ImportedInstance, instance_id: int) -> bool:
        """Whether the instance gets one, or would get it."""
        said = self._project.masks(instance_id)
        if not beside(entry.masks, self._project.scheme.regions, said):
            return False
        self._taken.add(instance_id)
        if not self._dry_run:
            self._project.bring_masks(
                instance_id,
                entry.masks,
                title=_TITLE,
                who=self._by,
                drawn_by=entry.annotator or self._who,
                at=self._at,
            )
        return True


def union(masks: Mapping[str, RegionMask]) -> Mask:
    whole = Mask()
    for one in masks.values():
        whole |= one.mask
    return whole


def box_around(masks: Mapping[str, RegionMask]) -> Box | None:
    """None where they hold nothing."""
    left, top, width, height = union(masks).bounds
    return Box.from_corner(left - 0.5, top - 0.5, width, height) if width else None
