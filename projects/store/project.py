"""A project: a folder with a database of images, instances, shapes and the journal."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from projects.store import (
    actions,
    edits,
    images,
    instances,
    journal,
    opening,
    plans,
    proposals,
    shapes,
    undoing,
)
from projects.store.database import Database
from projects.store.images import ImageFacts
from projects.store.plans import Plan
from projects.store.records import (
    ActionKind,
    Alike,
    Entry,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Spend,
    StoredProposal,
)
from projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from projects.vocabulary.arrays import Floats

Position = Sequence[float] | Floats
"""(x, y) in image pixels."""


class Project:
    """An open project. For use from one thread; other processes may read at the same time.

    Every change is one transaction: its rows and its journal entry, on the disk before the
    method returns. All methods raise ProjectLocked, ProjectReadOnly, DiskFull or ProjectError
    where the database cannot do what is asked; then nothing has changed, and the project stays
    usable.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        """Use `create` or `open`."""
        self._database = database
        self.folder = folder
        self.name, self.scheme = opening.read_project(database)

    @classmethod
    def create(cls, folder: Path, scheme: Scheme, name: str | None = None) -> Self:
        """Make a project of the folder (made where missing) and open it.

        Raises ProjectError where it already is one or cannot be written.
        """
        folder = folder.resolve()
        opening.create(folder, scheme, name or folder.name)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Self:
        """What cannot be written is opened for reading; see `read_only_reason`.

        A project with an older schema is migrated after a verified copy. Raises ProjectError
        where the folder is no project or is damaged, NewerProject where a newer version made it.
        """
        folder = folder.resolve()
        database = opening.open_database(folder, read_only)
        try:
            return cls(folder, database)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        return self._database.read_only_reason is not None

    @property
    def read_only_reason(self) -> str | None:
        """Why the project can only be read, None where it can be written."""
        return self._database.read_only_reason

    @property
    def models_folder(self) -> Path:
        """Where trained models live, one folder a backend; made by whoever writes there."""
        return self.folder / "models"

    def transaction(self) -> AbstractContextManager[Connection]:
        """Make all changes inside one commit: for imports, where each alone would be slow.

        A change that fails inside is undone alone; an error that leaves it undoes all.
        Clicks do not belong in here: they would be safe only at its end.
        """
        return self._database.writing()

    @property
    def _reading(self) -> Connection:
        return self._database.connection

    # Images

    def add_image(
        self, path: Path, facts: ImageFacts, *, position: int | None = None
    ) -> ImageRecord:
        """At the end of the project's order unless a position is given.

        The same content is the same image: it is added once. Where the file has gone from the
        path recorded earlier, the new path takes its place.
        """
        with self._database.writing() as connection:
            return images.add_image(connection, self.folder, path, facts, position)

    def images(self) -> list[ImageRecord]:
        """All, in the project's order."""
        return images.images(self._reading, self.folder)

    def image(self, image_id: int) -> ImageRecord:
        return images.image(self._reading, self.folder, image_id)

    # Instances

    def add_instance(
        self,
        image_id: int,
        box: Box | None,
        *,
        source: str | None = None,
        shape: Shape | None = None,
        who: str,
    ) -> InstanceRecord:
        """With a complete shape it is accepted (see `accept`), with a part of one it is started.

        A known point whose provenance is not given counts as imported. source: unique in the
        image. Undo does not take an instance away.
        """
        with self._database.writing() as connection:
            instance_id = actions.add_instance(
                connection, self.scheme, image_id, box, source=source, shape=shape, who=who
            )
            return instances.instance(connection, instance_id)

    def remove_instance(self, instance_id: int) -> None:
        """Raises ProjectError where anything was ever recorded of it."""
        with self._database.writing() as connection:
            instances.remove_instance(connection, instance_id)

    def fill_instance(
        self,
        instance_id: int,
        box: Box | None,
        shape: Shape,
        *,
        source: str | None = None,
        who: str,
    ) -> InstanceRecord:
        """Labels from a file for an instance that has neither labels nor a box; see `add_instance`.

        The instance is then the one from `source`. Raises ProjectError where it has labels or a
        box, or another of its image is from there.
        """
        with self._database.writing() as connection:
            actions.fill_instance(
                connection, self.scheme, instance_id, box, shape, source=source, who=who
            )
            return instances.instance(connection, instance_id)

    def instances(self) -> list[InstanceRecord]:
        """All, in the order of their images."""
        return instances.instances(self._reading)

    def instance_count(self) -> int:
        return instances.count(self._reading)

    def instances_of(self, image_id: int) -> list[InstanceRecord]:
        return instances.instances(self._reading, image_id=image_id)

    def instance(self, instance_id: int) -> InstanceRecord:
        return instances.instance(self._reading, instance_id)

    def shape(self, instance_id: int) -> Shape:
        """What is stored of the L landmarks; those never placed are unknown."""
        return shapes.shape(self._reading, len(self.scheme), instance_id)

    def shapes(
        self, state: InstanceState | None = InstanceState.ACCEPTED, *, bare: bool = False
    ) -> Iterator[tuple[InstanceRecord, Shape]]:
        """Of all instances in this state (None: any), in the order of their images, in bulk.

        bare: positions and visibilities alone, several times faster.
        """
        return shapes.shapes(self._reading, len(self.scheme), state, bare)

    def tally(self) -> dict[int, list[Alike]]:
        """By instance's id how many of its stored landmarks are alike: far faster than reading.

        Instances of which nothing is stored are not in it.
        """
        return shapes.tally(self._reading)

    # The click loop

    def place(
        self,
        instance_id: int,
        landmark: int,
        position: Position,
        *,
        provenance: Provenance = Provenance.CLICKED,
        who: str,
        proposed: Position | None = None,
        duration: float | None = None,
    ) -> Entry:
        """A person puts a landmark somewhere (CLICKED), or says it is right there (CONFIRMED).

        proposed: where the model had it, duration: seconds. An accepted shape stays accepted.
        """
        with self._database.writing() as connection:
            return actions.place(
                connection,
                self.scheme,
                instance_id,
                landmark,
                edits.point(position),
                provenance=provenance,
                who=who,
                proposed=None if proposed is None else edits.point(proposed),
                duration=duration,
            )

    def set_visibility(
        self,
        instance_id: int,
        landmark: int,
        visibility: Visibility,
        *,
        who: str,
        duration: float | None = None,
    ) -> Entry:
        """NOT_LABELLED says that the landmark is absent, not in the image: it loses its position.

        `shape` then gives it a provenance without a position. Saying later that it is visible or
        hidden makes it one that is still to be placed, and so reopens an accepted shape.
        """
        with self._database.writing() as connection:
            return actions.set_visibility(
                connection,
                self.scheme,
                instance_id,
                landmark,
                visibility,
                who=who,
                duration=duration,
            )

    def clear(self, instance_id: int, landmark: int, *, who: str) -> Entry:
        """Take a landmark's stored position back; an accepted shape is reopened by it."""
        with self._database.writing() as connection:
            return actions.clear(connection, self.scheme, instance_id, landmark, who=who)

    def set_box(self, instance_id: int, box: Box, *, who: str) -> Entry:
        with self._database.writing() as connection:
            return actions.set_box(connection, instance_id, box, who=who)

    def accept(
        self, instance_id: int, shape: Shape, *, who: str, duration: float | None = None
    ) -> Entry:
        """Store all L landmarks as right. A point without a provenance counts as inferred.

        Raises SchemeError where the shape has not L landmarks, ProjectError where one of them has
        no position, unless it is absent: NOT_LABELLED, with a provenance.
        """
        with self._database.writing() as connection:
            return actions.accept(
                connection, self.scheme, instance_id, shape, who=who, duration=duration
            )

    def reshape(
        self,
        instance_id: int,
        shape: Shape,
        *,
        title: str,
        who: str,
        duration: float | None = None,
    ) -> Entry:
        """Store this in place of all that is stored of the landmarks, as one action.

        A point without a provenance counts as clicked. title: what the action is called in a
        menu. Raises SchemeError where the shape has not L landmarks.
        """
        with self._database.writing() as connection:
            return actions.reshape(
                connection,
                self.scheme,
                instance_id,
                shape,
                title=title,
                who=who,
                duration=duration,
            )

    def reopen(self, instance_id: int, *, who: str) -> Entry:
        """Take the acceptance back; the inferred positions go, all that people placed stays."""
        with self._database.writing() as connection:
            return actions.reopen(connection, instance_id, who=who)

    # The journal

    def undo(self, who: str) -> Entry | None:
        """Turn the person's last action back, on whatever image, and return it; None: no more.

        Raises ProjectError where somebody else has changed the same rows since.
        """
        with self._database.writing() as connection:
            return undoing.turn(connection, ActionKind.UNDO, who)

    def redo(self, who: str) -> Entry | None:
        """Do again what was undone last and return it. Any new action ends what can be redone."""
        with self._database.writing() as connection:
            return undoing.turn(connection, ActionKind.REDO, who)

    def undoable(self, who: str) -> Entry | None:
        return undoing.undoable(self._reading, who)

    def redoable(self, who: str) -> Entry | None:
        return undoing.redoable(self._reading, who)

    def journal(self, instance_id: int | None = None) -> Iterator[Entry]:
        """From the oldest entry on; of one instance or of all."""
        return journal.entries(self._reading, instance_id)

    def spend(self, who: str | None = None) -> Spend:
        """The effort of one person, or of all; undone actions count."""
        return journal.spend(self._reading, who)

    # Proposals

    def store_proposal(
        self,
        instance_id: int,
        points: Floats,
        covariances: Floats,
        *,
        predicted_error: float | None,
        model: str,
    ) -> None:
        """points (L, 2) px, covariances (L, 2, 2) px^2, predicted_error in % of the normaliser.

        The instance's predicted error follows. A proposal that came from a file (see
        `StoredProposal.imported`) stays until another from a file takes its place. Raises
        SchemeError where L is another.
        """
        with self._database.writing() as connection:
            proposals.store_proposal(
                connection,
                instance_id,
                len(self.scheme),
                points,
                covariances,
                predicted_error,
                model,
            )

    def proposal(self, instance_id: int) -> StoredProposal | None:
        return proposals.proposal(self._reading, instance_id, len(self.scheme))

    # The plan

    def plan(self) -> Plan:
        """What the project lead decided last; an empty plan where nothing was."""
        return plans.current_plan(self._reading)

    def set_plan(self, plan: Plan, *, who: str) -> Plan:
        """Raises ProjectError where it names landmarks that do not exist, or no real budget."""
        with self._database.writing() as connection:
            return plans.store_plan(connection, len(self.scheme), plan, who)
