"""Files around labels: those in a folder, the images they name, and replacing one safely."""

import errno
import filecmp
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path, PurePath, PureWindowsPath

from projects.exchange.codecs.common.entries import Unreadable
from projects.folder_sync import sync_folder
from projects.vocabulary.errors import ActionableError, DiskFull, FormatError

_rehearsed: ContextVar[list[Path] | None] = ContextVar("rehearsed", default=None)
"""Of this thread: the files that would be written, where nothing is; None: all is written."""


@contextmanager
def rehearsal() -> Iterator[list[Path]]:
    """Inside it the functions below write nothing; yields the files that they would have written.

    So what a format cannot carry is counted by the code that writes it.
    """
    files: list[Path] = []
    token = _rehearsed.set(files)
    try:
        yield files
    finally:
        _rehearsed.reset(token)


def files_below(folder: Path) -> tuple[list[Path], list[Unreadable]]:
    """All files in the folder and its subfolders in a fixed order; hidden ones are left out."""
    files: list[Path] = []
    unreadable: list[Unreadable] = []

    def report(error: OSError) -> None:
        unreadable.append(Unreadable(Path(error.filename), f"The folder: {error.strerror}."))

    for where, folders, names in os.walk(folder, onerror=report):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(where, name) for name in sorted(names) if not name.startswith(".")]
    return files, unreadable


def written_path(image: Path, folder: Path) -> str:
    """How a file in `folder` names the image: relative, so that both can be moved together.

    Absolute where the two have nothing in common but the root of the disk.
    """
    image, folder = image.resolve(), folder.resolve()
    try:
        shared = os.path.commonpath([image, folder])
    except ValueError:  # two drives of Windows
        return image.as_posix()
    if Path(shared) == Path(image.anchor):
        return image.as_posix()
    return Path(os.path.relpath(image, folder)).as_posix()


def written_paths(folder: Path) -> Callable[[Path], str]:
    """`written_path` for many images: each of their folders is looked up once."""
    folders: dict[Path, str] = {}

    def written(image: Path) -> str:
        if image.is_symlink():
            return written_path(image, folder)
        parent = image.parent
        if parent not in folders:
            # Of a name in that folder, which is then cut off.
            folders[parent] = written_path(parent / "x", folder)[:-1]
        return folders[parent] + image.name

    return written


def named_path(written: str, folder: Path) -> Path:
    """The inverse of `written_path`; also for names that another program or computer wrote.

    Where there is no file of that path, and one of its name is beside the labels, it is that one.
    """
    foreign = PureWindowsPath(written) if "\\" in written else PurePath(written)
    asked = folder / foreign.as_posix()
    for path in (folder / written, asked, folder / foreign.name):
        if foreign.name and os.path.exists(path):  # noqa: PTH110 - Path's own raises on long names
            return Path(os.path.normpath(path))
    return Path(os.path.normpath(asked))


def replace_file(target: Path, content: str | bytes | Iterable[str | bytes]) -> None:
    """The target is the old file or the complete new one, at every moment and after a crash.

    content: text may come in parts, which are written as they come. Raises DiskFull or
    FormatError; the old file is then as it was.
    """
    parts = [content] if isinstance(content, str | bytes) else content
    rehearsed = _rehearsed.get()
    if rehearsed is not None:
        for _ in parts:  # they count as they are written
            pass
        rehearsed.append(target)
        return
    target = Path(os.path.realpath(target))  # a link stays one
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part if isinstance(part, bytes) else part.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _cannot_write(target: Path, error: OSError) -> ActionableError:
    kept = "The file that was there is unchanged." if target.is_file() else "Nothing was written."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"There is no room for {target}.", kept=kept, remedy="Free some space and do it again."
        )
    return FormatError(
        f"{target} cannot be written: {error.strerror}.",
        kept=kept,
        remedy="Choose a file in a folder that exists and that you may write to.",
    )


def make_folder(folder: Path) -> None:
    """With its parents. Raises FormatError."""
    if _rehearsed.get() is not None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
        ) from error


def copy_file(source: Path, target: Path) -> bool:
    """False where there is no source. What is there already with the same bytes is left alone.

    Raises DiskFull or FormatError; a file that was there is then as it was.
    """
    try:
        if target.is_file() and filecmp.cmp(source, target, shallow=False):
            return True
        rehearsed = _rehearsed.get()
        if rehearsed is not None:
            if source.is_file():
                rehearsed.append(target)
            return source.is_file()
        content = source.read_bytes()
    except OSError:
        return False
    make_folder(target.parent)
    replace_file(target, content)
    return True
