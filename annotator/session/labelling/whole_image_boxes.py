"""The whole image as the box of each of several objects that fill theirs, as one step for undo."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from landmark_annotator.projects.store import InstanceRecord, Project, Role
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.wording import counted

TITLE = "whole image as the box"


@dataclass(frozen=True)
class WholeImages:
    """given: instances that have all of their image as their box now. beside: how many have none
    still, since other objects are in their images; held: since others have these in hands."""

    given: frozenset[int] = frozenset()
    beside: int = 0
    held: int = 0

    @property
    def said(self) -> str:
        """For people."""
        given = counted(len(self.given), "object")
        found = [f"{given} got the whole image as the box."]
        if self.beside:
            are = counted(self.beside, "object without a box is", "objects without a box are")
            found.append(f"{are} not alone in the image: draw these.")
        if self.held:
            are = counted(self.held, "object is", "objects are")
            found.append(f"{are} left without: others have the images in hands.")
        return " ".join(found)


def without_box(project: Project, among: Collection[int]) -> list[InstanceRecord]:
    """Those that count."""
    return [one for one in project.some_instances(list(among)) if one.box is None]


def give_whole_images(project: Project, among: Collection[int], *, who: str) -> WholeImages:
    """To those of these that have no box and are alone in an image that nobody else is at. Raises
    NotAllowed where `who` is no lead of a project with people."""
    project.refuse_below(who, Role.LEAD, "give boxes to many objects at once")
    bare = without_box(project, among)
    inside = project.together_with([one.id for one in bare])
    objects = Counter(row.image_id for row in inside if row.excluded is None)
    alone = [one for one in bare if objects[one.image_id] == 1]
    held = {lease.image_id for lease in project.leases() if lease.who != who}
    free = [one for one in alone if one.image_id not in held]
    images = project.some_images({one.image_id for one in free})
    boxes = {
        one.id: Box.whole_image(image.width, image.height)
        for one in free
        for image in [images[one.image_id]]
    }
    given = project.give_boxes(boxes, title=TITLE, who=who) if boxes else []
    return WholeImages(frozenset(given), len(bare) - len(alone), len(alone) - len(free))
