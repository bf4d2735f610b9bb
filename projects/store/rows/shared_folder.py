"""The folder that all images of a project lie in: names in lists say from there on where a file is,
for files of one name in folders of several subjects are told apart by nothing else."""

from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import Connection, collate, func, select

from landmark_annotator.projects.store.schema.tables import ImageTable


@dataclass(frozen=True)
class SharedFolder:
    """path: as images' paths begin, with the slash; empty where they share no folder, None where
    there are none. newest: the id of the image that came in last."""

    path: str | None = None
    newest: int = 0

    def read_on(self, connection: Connection) -> "SharedFolder":
        """With the images that have come in since."""
        path = ImageTable.path
        ordered = collate(path, "C") if connection.dialect.name == "postgresql" else path
        # What the first and the last text begin with, all between them do.
        ends = select(func.min(ordered), func.max(ordered), func.max(ImageTable.id))
        first, last, newest = connection.execute(ends.where(ImageTable.id > self.newest)).one()
        if newest is None:
            return self
        paths = [first, last] if self.path is None else [self.path, first, last]
        levels = zip(*(path.split("/")[:-1] for path in paths), strict=False)
        alike = takewhile(lambda names: len(set(names)) == 1, levels)
        return SharedFolder("".join(f"{names[0]}/" for names in alike), newest)

    def holds(self, path: str) -> bool:
        return self.path is not None and path.startswith(self.path)

    def within(self, path: str) -> str:
        """The folders of a file that it holds from there on, with a slash at the end. Of files that
        lie all over a machine the last folder alone, for the whole path fits no list."""
        shared = self.path or ""
        folder = path[len(shared) :].rpartition("/")[0]
        everywhere = shared in {"", "/"} or shared.rstrip("/").endswith(":")
        if everywhere and (path.startswith("/") or ":" in path.partition("/")[0]):
            folder = folder.rpartition("/")[2]
        return f"{folder}/" if folder else ""
