"""The part of a project that takes what imports bring, many at once."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from landmark_annotator.projects.store.journal import brought_files, import_actions
from landmark_annotator.projects.store.journal.brought_files import (
    BroughtFile,
    PlacedBox,
    TakenBack,
)
from landmark_annotator.projects.store.journal.import_actions import LabelledInstance
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows import brought_proposals, images, own_places
from landmark_annotator.projects.store.rows.records import Entry, ImageRecord
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress


class BringingIn(Opened):
    """Single instances come by `Project.add_instance`."""

    def images_with(self, hashes: Collection[str]) -> list[ImageRecord]:
        """Those of these contents, excluded ones too, by the SHA-256 of their bytes."""
        return images.images_with(self._reading, self.folder, hashes)

    def say_places(self, found: Mapping[str, Path]) -> None:
        """Where this machine has images and videos that others have elsewhere: nothing changes for
        them. found: by the SHA-256 of their bytes. Raises ProjectError where the project's folder
        cannot be written."""
        own_places.say_places(self._reading, self.folder, found)

    def as_everybody(self) -> AbstractContextManager[None]:
        """Within, images and videos are where everybody looks for them, and not where this machine
        alone has them. What it has said stays."""
        return own_places.as_everybody(self.folder)

    def place_of(self, stored: str) -> Path:
        """Of the file that rows name by this path."""
        return images.located(stored, self.folder)

    def begin_import(self, name: str, *, who: str) -> int:
        """A file or folder of labels is coming in: the number that `file` says of what it brings,
        by which all of it can be taken back. who: a lead."""
        with self._writing() as connection:
            return brought_files.begin(connection, name, who)

    def note_boxes(
        self,
        number: int,
        boxes: Mapping[int, Box],
        placed: Mapping[int, PlacedBox],
        *,
        name: str,
        who: str,
    ) -> None:
        """What the import has added of which its file has a box and nothing more, by instance, and
        what was there and got its box by `bring_box`: it is taken back with the rest. name: of the
        file or folder."""
        with self._writing() as connection:
            brought_files.note_boxes(connection, number, boxes, placed, name, who)

    def imports(self) -> list[BroughtFile]:
        """Those of whose labels or boxes there are some, the newest first; those of earlier
        versions of the program, which cannot be taken back as wholes, are not among them."""
        return [one for one in brought_files.brought_files(self._reading) if one.labels]

    def take_back_import(self, number: int, *, who: str, progress: Progress = SILENT) -> TakenBack:
        """All labels and boxes that an import brought, but those that somebody has changed,
        accepted or judged since, as one step for undo. What it filled waits for labels again, and
        so does one object of each image that came with it; further objects count no more.

        Raises ProjectError where there was no such import, NotAllowed where `who` is no lead, and
        Cancelled."""
        with self._writing() as connection:
            return brought_files.take_back(connection, number, who, progress)

    def add_labelled(
        self, brought: Sequence[LabelledInstance], *, file: int | None = None
    ) -> list[int]:
        """As `Project.add_instance` for each of them, many times as fast; all or none. file: see
        `begin_import`.

        Returns their ids. Raises SchemeError where a shape is of another number of landmarks,
        ProjectError where an image is none or has an instance of the source already.
        """
        with self._writing() as connection:
            return import_actions.add_labelled(connection, self.stored_scheme, brought, file)

    def only_brought(self, instance_id: int) -> bool:
        """Whether no person has done anything here to the instance that was not undone: all that it
        is came from files, with its frame, or from a model that found it."""
        return import_actions.only_brought(self._reading, instance_id)

    def brought_to(self, among: Sequence[int]) -> frozenset[int]:
        """Those of these instances for which another program's or model's proposal is kept."""
        return brought_proposals.brought_to(self._reading, among)

    def bring_box(
        self, instance_id: int, box: Box, *, source: str, title: str, who: str, at: datetime
    ) -> Entry:
        """The box of a file for an instance without labels that has all of its image for one, and
        is then the one from `source`.

        title: what the step is called. who: a lead. at: the same for all that come together, which
        are one step for undo. Raises ProjectError where it has labels or a box of its own, or
        another of its image is from there.
        """
        with self._writing() as connection:
            return import_actions.bring_box(
                connection, instance_id, box, source=source, title=title, who=who, at=at
            )

    def give_boxes(self, boxes: Mapping[int, Box], *, title: str, who: str) -> list[int]:
        """To those of these instances that count and have none, whoever has their images in hands,
        as one step for undo; which they are. Raises NotAllowed where `who` is no lead."""
        with self._writing() as connection:
            return import_actions.give_boxes(connection, boxes, title=title, who=who)

    def give_box(self, instance_id: int, box: Box, *, title: str, who: str, at: datetime) -> Entry:
        """The box of a file for an instance that has none; as `bring_box`, but that it stays the
        one that it was. Raises ProjectError where it has a box."""
        with self._writing() as connection:
            return import_actions.give_box(
                connection, instance_id, box, title=title, who=who, at=at
            )
