"""The files of an export: written beside their places, then put there together.

All that an export writes goes through here, and nothing of it leaves the export's folder: neither
by `..` in a name nor by a link in the folder.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from pathlib import Path, PurePath

from landmark_annotator.projects.folder_sync import make_folder, sync_folder
from landmark_annotator.projects.vocabulary.errors import ActionableError, DiskFull, FormatError

_LAST = "data.yaml"
"""What names a whole data set: put in place after all else, and taken away before."""
_UNCHANGED = "What was there is unchanged."

_rehearsed: ContextVar[list[Path] | None] = ContextVar("rehearsed", default=None)
"""Of this thread: the files that would be written, where nothing is; None: all is written."""
_staging: ContextVar["Staging | None"] = ContextVar("staging", default=None)
"""Of this thread: the export that what is written belongs to; None: it is written at once."""


@contextmanager
def rehearsal() -> Iterator[list[Path]]:
    """Inside it nothing is written; yields the files that would have been.

    So what a format cannot carry is counted by the code that writes it.
    """
    files: list[Path] = []
    token = _rehearsed.set(files)
    try:
        yield files
    finally:
        _rehearsed.reset(token)


def rehearsed() -> list[Path] | None:
    """The files that a rehearsal has counted so far; None where this is none."""
    return _rehearsed.get()


def staging() -> "Staging | None":
    return _staging.get()


def inside(folder: Path, name: PurePath) -> Path:
    """The path of that name in the folder. Raises FormatError where it would leave it."""
    place = Path(os.path.normpath(folder / name))
    home = Path(os.path.normpath(folder))
    if place == home or home not in place.parents:
        raise FormatError(
            f"{name} is outside of {folder}: nothing is written there.",
            kept=_UNCHANGED,
            remedy="Correct the image's path in the project.",
        )
    return place


class Staging:
    """written: places in `root` of the files so far, with the digest of their content. kept: those
    that are there already with the same bytes."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self.written: dict[Path, str] = {}
        self.kept: set[Path] = set()
        base = next(p for p in (self.root, *self.root.parents) if p.exists())
        self._scratch = base / f".{self.root.name}.{os.getpid()}.partial"
        self._tree = self._scratch / "tree"

    @property
    def files(self) -> list[Path]:
        """The places of all files of the export."""
        return [self.root / name for name in (*self.written, *self.kept)]

    def place(self, target: Path) -> Path:
        """The target by its name in `root`. Raises FormatError where it is not inside."""
        place = self._inside(target)
        if place is None:
            raise FormatError(
                f"{target} is outside of {self.root}, by its name or by a link: nothing is written "
                "there.",
                kept=_UNCHANGED,
                remedy="Export into a folder without links.",
            )
        return place

    def write(self, target: Path, parts: Iterable[str | bytes]) -> None:
        name = self.place(target)
        file = self._tree / name
        digest = blake2b(digest_size=16)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as stream:
                for part in parts:
                    content = part if isinstance(part, bytes) else encoded(part, target)
                    digest.update(content)
                    stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise cannot_write(target, error) from error
        self.written[name] = digest.hexdigest()

    def link(self, target: Path, source: Path, content: bytes) -> bool:
        """The target as a second name of the source, whose content is given; False where the disk
        has none, or the two are on different ones."""
        name = self.place(target)
        file = self._tree / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(os.path.realpath(source), file)
        except (OSError, NotImplementedError):
            return False
        self.written[name] = blake2b(content, digest_size=16).hexdigest()
        return True

    def waiting(self, target: Path) -> Path | None:
        """The file of that place that waits for `put`; None where none does."""
        name = self._inside(target)
        return None if name is None or name not in self.written else self._tree / name

    def _inside(self, target: Path) -> Path | None:
        # The root itself may be reached by a link, and may be a link to where it is.
        place = Path(os.path.realpath(target.parent)) / target.name
        return place.relative_to(self.root) if self.root in place.parents else None

    def keep(self, target: Path) -> None:
        """Of the export, and there already with the bytes that it would have."""
        self.kept.add(self.place(target))

    def put(self) -> None:
        """Everything to its place: as one folder where there is none yet, else file by file."""
        try:
            if not self.root.exists() and self.written:
                make_folder(self.root.parent)
                for folder, _, _ in os.walk(self._tree):
                    sync_folder(Path(folder))
                self._tree.rename(self.root)
                sync_folder(self.root.parent)
            else:
                self._put_each()
        except OSError as error:
            raise cannot_write(self.root, error) from error

    def _put_each(self) -> None:
        for name in self.written:
            if name.name == _LAST:
                (self.root / name).unlink(missing_ok=True)
        folders: set[Path] = set()
        for name in sorted(self.written, key=lambda name: name.name == _LAST):
            place = self.root / name
            if place.parent not in folders:
                make_folder(place.parent)
            self.place(place)  # a link that came since
            (self._tree / name).replace(place)
            folders.add(place.parent)
        for folder in folders:
            sync_folder(folder)

    def clear(self) -> None:
        """What is left of this export beside its place, and of those that were killed."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        begun, end = f".{self.root.name}.", ".partial"
        for other in self._scratch.parent.glob(f"{_literal(begun)}*{end}"):
            number = other.name.removeprefix(begun).removesuffix(end)
            if number.isdecimal() and not _runs(int(number)):
                shutil.rmtree(other, ignore_errors=True)


@contextmanager
def staged(root: Path) -> Iterator[Staging]:
    """Inside it what is written below the folder `root` waits for `put`; what was not put by the
    end is as if it had never been written."""
    export = Staging(root)
    token = _staging.set(export)
    try:
        yield export
    finally:
        _staging.reset(token)
        if _rehearsed.get() is None:
            export.clear()


@contextmanager
def at_once() -> Iterator[None]:
    """Inside it what is written does not wait for the export around it."""
    token = _staging.set(None)
    try:
        yield
    finally:
        _staging.reset(token)


def encoded(text: str, target: Path) -> bytes:
    """UTF-8. Raises FormatError for what is no text: half of a character, as in file names that
    another system has written."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        near = text[max(error.start - 20, 0) : error.end + 20]
        raise FormatError(
            f"{target} cannot hold {near!a}: it is not Unicode.",
            kept=_UNCHANGED,
            remedy="Rename the file or the landmark that has this name.",
        ) from error


def cannot_write(target: Path, error: OSError) -> ActionableError:
    kept = "The file that was there is unchanged." if target.is_file() else "Nothing was written."
    if DiskFull.is_meant_by(error):
        return DiskFull(
            f"There is no room for {target}.", kept=kept, remedy="Free some space and do it again."
        )
    return FormatError(
        f"{target} cannot be written: {error.strerror}.",
        kept=kept,
        remedy="Choose a file in a folder that exists and that you may write to.",
    )


def _literal(name: str) -> str:
    """As a pattern of `glob` that is this name alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _runs(process: int) -> bool:
    """Whether it may still be at work; elsewhere than on POSIX the question would end it."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
