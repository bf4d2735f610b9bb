"""Which boxes an import gives, which labels it leaves without one, and which are of part of an
object: people are told of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from landmark_annotator.projects.store import InstanceRecord, PlacedBox, Project
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.boxes_of_parts import (
    ASKED,
    box_around_all,
    lacks_landmarks,
)
from landmark_annotator.projects.vocabulary.wording import counted

_TITLE = "import of boxes"
Typical = Callable[[], Sequence[Floats]]


@dataclass
class Boxes:
    """Of one import: boxes that come to objects without labels are one step for undo, as all have
    its time of day. who: imports them. missing: labels that came in without a box. given, kept,
    refused: objects that were there and got all of their image, had a box, or are in somebody
    else's hands. begun: labels that the file says nobody has accepted. parts: labels without a
    position for some landmarks, which nobody has said are not in the image; around_all,
    around_parts: those of them that the file has no box of, whose box is by other labels around all
    of the object, or around the landmarks that they have."""

    project: Project
    who: str
    dry_run: bool
    typical: Typical | None = None
    """Whole shapes (L, 2) that are known without the project, for where it has none."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    missing: int = 0
    given: int = 0
    kept: int = 0
    refused: int = 0
    begun: int = 0
    parts: int = 0
    around_all: int = 0
    around_parts: int = 0
    whole: list[Floats] = field(default_factory=list)
    """(L, 2) of labels that have all landmarks: of the file so far, else of the project."""
    asked: bool = False
    """Whether the project was, which has a list of a million perhaps."""
    held: frozenset[int] | None = None
    """Images that others have in hands; None as long as nobody has asked."""

    def learn(self, shape: Shape) -> None:
        """A label of the file, before the boxes of those that come with it are asked for."""
        if shape.complete and len(self.whole) < ASKED:
            self.whole.append(shape.points)

    def around(self, shape: Shape) -> Box:
        """Of a label of two landmarks or more that has no box: the square around the object."""
        if not lacks_landmarks(shape):
            return Box.square_around(shape.points)
        if not self.whole and not self.asked:
            self.asked = True
            for _, known in self.project.shapes(bare=True, most=ASKED):
                self.learn(known)
            if not self.whole and self.typical is not None:
                self.whole += self.typical()
        box = box_around_all(shape, self.whole)
        self.around_all += box is not None
        self.around_parts += box is None
        return box or Box.square_around(shape.points)

    def give(self, record: int, width: int, height: int) -> bool:
        """The box of all of an image of this size to an object without one. Whether it has got it,
        or would."""
        there = self.project.instance(record)
        if there.box is not None:
            self.kept += 1
            return False
        if self._in_other_hands(there.image_id):
            self.refused += 1
            return False
        if not self.dry_run:
            self.give_brought(record, Box.whole_image(width, height))
        self.given += 1
        return True

    def _in_other_hands(self, image_id: int) -> bool:
        """Whether somebody else was at the image when that was first asked."""
        if self.held is None:
            leases = self.project.leases()
            self.held = frozenset(one.image_id for one in leases if one.who != self.who)
        return image_id in self.held

    def bring(self, record: int, box: Box, source: str) -> tuple[InstanceRecord, PlacedBox]:
        """A box of the file to an object of which nothing was known but that it fills its image."""
        before = self.project.instance(record).box
        entry = self.project.bring_box(
            record, box, source=source, title=_TITLE, who=self.who, at=self.at
        )
        return self.project.instance(record), PlacedBox(box, before, entry.id)

    def give_brought(self, record: int, box: Box) -> None:
        """A box of the file to an object that has none."""
        self.project.give_box(record, box, title=_TITLE, who=self.who, at=self.at)

    def notes(self) -> list[str]:
        """What a person is told."""
        found = []
        if self.given:
            got = "would get" if self.dry_run else "got"
            there = counted(self.given, "object")
            found.append(f"{there} there already without a box {got} the whole image.")
        if self.kept:
            keeps = "keeps its box" if self.kept == 1 else "keep their boxes"
            found.append(f"{counted(self.kept, 'object')} there already {keeps}.")
        if self.refused:
            left = counted(self.refused, "object")
            found.append(f"{left} could not be given a box: somebody else has the image.")
        if self.missing:
            labels = counted(self.missing, "label")
            found.append(
                f"{labels} came in without a box: a single landmark does not show how large an "
                "object is, and nothing is learned from what has none. Where an object fills its "
                "image, import again with --whole-image; else draw boxes."
            )
        if self.begun:
            are = counted(self.begun, "label is", "labels are")
            found.append(f"{are} not accepted: the file says that nobody has done so yet.")
        if self.parts:
            found.append(self._of_parts)
        return found

    @property
    def _of_parts(self) -> str:
        # It is read before an import, too.
        are, come = ("is", "comes") if self.parts == 1 else ("are", "come")
        said = (
            f"{counted(self.parts, 'label')} without a position for some landmarks {come} in as "
            f"begun and {are} not accepted until a person has placed these in the window, or said "
            "there that they are not in the image (X, or Ctrl+X for all of a label)."
        )
        if self.around_all:
            boxes = counted(self.around_all, "box is", "boxes are")
            said += f" {boxes} around where the others would be by whole labels."
        if self.around_parts:
            boxes = counted(self.around_parts, "box is", "boxes are")
            said += (
                f" {boxes} around the landmarks that are there alone: where most of an object is "
                "missing, draw the box anew (B) before anything is placed."
            )
        return said
