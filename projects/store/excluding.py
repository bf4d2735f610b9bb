"""The part of a project that leaves images and instances out of all that counts."""

from collections.abc import Collection, Sequence

from landmark_annotator.projects.store.journal import exclusion_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.exclusions import LeftOut
from landmark_annotator.projects.store.rows.records import Entry


class Excluding(Opened):
    """What is excluded stays stored, labels and all, but no list, count, export or training has it
    until somebody asks for it (`excluded=True`). An excluded image takes its instances along.
    """

    def exclude(
        self,
        *,
        images: Collection[int] = (),
        instances: Collection[int] = (),
        why: str,
        who: str,
    ) -> list[Entry]:
        """All of these, by their ids, as one step for undo; what is excluded already stays so.

        Returns an entry for each that is excluded now and was not before. Raises ProjectError
        where no reason is given.
        """
        with self._writing() as connection:
            return exclusion_actions.exclude(connection, self.folder, images, instances, why, who)

    def restore(
        self, *, images: Collection[int] = (), instances: Collection[int] = (), who: str
    ) -> list[Entry]:
        """They count again, as one step for undo. An instance whose image is excluded does so only
        together with that image. Returns an entry for each that was excluded."""
        with self._writing() as connection:
            return exclusion_actions.restore(connection, self.folder, images, instances, who)

    def let_stand(self, choices: Sequence[tuple[int, int]], *, why: str, who: str) -> list[Entry]:
        """Of two labels of one object the first one counts, and the other one is excluded; where it
        was the other way round before, the first one counts again. All are one step for undo.

        Returns an entry for each that is another now. Raises ProjectError where no reason is given.
        """
        with self._writing() as connection:
            return exclusion_actions.let_stand(connection, choices, why, who)

    def left_out(self) -> list[LeftOut]:
        """How much is excluded, and why: the reasons in the order of the alphabet."""
        return exclusions.left_out(self._reading)
