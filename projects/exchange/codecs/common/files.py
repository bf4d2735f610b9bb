"""Files around labels: those in a folder, the images they name, and replacing one safely."""

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath, PureWindowsPath

from landmark_annotator.projects.exchange.codecs.common.entries import Unreadable
from landmark_annotator.projects.exchange.codecs.common.staging import (
    cannot_write,
    encoded,
    rehearsed,
    staging,
)
from landmark_annotator.projects.exchange.codecs.common.taken_names import take
from landmark_annotator.projects.folder_sync import sync_folder
from landmark_annotator.projects.images import IMAGE_SUFFIXES, upright_size
from landmark_annotator.projects.remote import address_of, checked, is_address, place_of
from landmark_annotator.projects.remote.fetching import fetched
from landmark_annotator.projects.vocabulary.errors import FormatError, ImageError, SourceAway
from landmark_annotator.projects.vocabulary.name_order import by_numbers


@dataclass(frozen=True)
class _Naming:
    absolute: bool = False
    root: Path | None = None
    among: Callable[[], Sequence[Path]] = tuple


_naming: ContextVar[_Naming | None] = ContextVar("naming", default=None)
"""Of this thread: how writers name images; None: relative to their own files."""


@contextmanager
def images_named(
    *,
    absolute: bool = False,
    root: Path | None = None,
    among: Callable[[], Sequence[Path]] = tuple,
) -> Iterator[None]:
    """Inside it `written_path` gives absolute paths, or paths from the folder `root`. among: see
    `also_there`, which asks it: a project may have a million images."""
    token = _naming.set(_Naming(absolute, root, among))
    try:
        yield
    finally:
        _naming.reset(token)


def also_there() -> Sequence[Path]:
    """Images that no name may be taken for that a writer gives: all of the project."""
    naming = _naming.get()
    return () if naming is None else naming.among()


def files_below(folder: Path, most: int | None = None) -> tuple[list[Path], list[Unreadable]]:
    """All files in the folder and its subfolders, by the numbers in their names; hidden ones are
    left out.

    Raises FormatError where there are more than `most`.
    """
    files: list[Path] = []
    unreadable: list[Unreadable] = []

    def report(error: OSError) -> None:
        unreadable.append(Unreadable(Path(error.filename), f"The folder: {error.strerror}."))

    for where, folders, names in os.walk(folder, onerror=report):
        seen = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(seen, key=by_numbers)
        ordered = sorted(names, key=by_numbers)
        files += [Path(where, name) for name in ordered if not name.startswith(".")]
        if most is not None and len(files) > most:
            raise FormatError(
                f"There are more than {most:,} files below {folder}.",
                remedy="Name a folder that holds the data set alone.",
            )
    return files, unreadable


def refuse_missing(source: Path) -> None:
    """Raises FormatError where nothing is there. Of what is on this machine."""
    if not source.exists():
        raise FormatError(f"There is no file or folder {source}.", remedy="Correct the path.")


def any_below(folder: Path, ending: str) -> bool:
    """Whether a file in the folder or its subfolders has that ending, in small letters."""
    return any(
        name.lower().endswith(ending) and not name.startswith(".")
        for _, _, names in os.walk(folder)
        for name in names
    )


def written_path(image: Path, folder: Path) -> str:
    """How a file in `folder` names the image: relative, so that both can be moved together.

    Absolute where the two have nothing in common but the root of the disk. `images_named` says
    otherwise; raises FormatError for an image that is not below the root given there.
    """
    if (address := address_of(image)) is not None:
        return address
    image, folder, naming = image.resolve(), folder.resolve(), _naming.get() or _Naming()
    if naming.absolute:
        return image.as_posix()
    if naming.root is not None:
        root = naming.root.resolve()
        if root not in image.parents:
            raise FormatError(
                f"{image.parent} is not below {root}, the folder that image names start from.",
                kept="Nothing was written.",
                remedy="Name a folder that holds all images.",
            )
        return image.relative_to(root).as_posix()
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
        if image.is_symlink() or address_of(image) is not None:
            return written_path(image, folder)
        parent = image.parent
        if parent not in folders:
            # Of a name in that folder, which is then cut off.
            folders[parent] = written_path(parent / "x", folder)[:-1]
        return folders[parent] + image.name

    return written


WHERE_IMAGES_ARE = "Put the file there, or choose the folder of the images, if it is another."
"""What helps where labels name an image that is not there: the project may never have had it."""


_LONGEST_NAME = 255
"""In bytes, on most disks."""
_MOST_FOLDERS = 8
"""Of a path of elsewhere, that are looked for beside labels, with the file's name."""


def named_path(written: str, folder: Path) -> Path:
    """The inverse of `written_path`; also for names that another program or computer wrote.

    Where there is no file of that path, and one of its name is beside the labels, it is that one,
    in as many of its folders as are there: of two of one name each is its own, or they are refused,
    see `taken_names`. Or else it is the only one whose name, and those of its folders, differ in
    capitals alone or in how an umlaut is written, in one character or two: which many disks take
    for it. Or else the only image of that name with an ending, which tables of numbers leave out.
    """
    if is_address(written):
        with suppress(ImageError):
            return place_of(checked(written))
    foreign = PureWindowsPath(written) if "\\" in written else PurePath(written)
    asked = folder / foreign.as_posix()
    parts = foreign.parts
    ends = [parts[at:] for at in range(max(0, len(parts) - _MOST_FOLDERS), len(parts))]
    for path in (folder / written, asked):
        if foreign.name and exists(path):
            return Path(os.path.normpath(path))
    for end in ends if foreign.name else []:
        found = None if ".." in end else _there(folder, end)
        if found is not None:
            here = Path(os.path.normpath(found))
            take(here, written, parts[: len(parts) - len(end)], folder)
            return here
    here = Path(os.path.normpath(asked))
    return _alike(here) or (_with_ending(here) if foreign.name else None) or here


def _there(folder: Path, end: Sequence[str]) -> Path | None:
    """The file of this path in the folder, or under names of the same letters."""
    path = folder.joinpath(*end)
    return path if exists(path) else _below(folder, end)


def _alike(path: Path) -> Path | None:
    """The file that is there under a name of the same letters; None where that is none or several
    are."""
    there = next((folder for folder in path.parents if exists(folder)), None)
    return None if there is None else _below(there, path.relative_to(there).parts)


def _with_ending(path: Path) -> Path | None:
    named = names_in(path.parent, _without_ending).get(path.name, [])
    return path.with_name(named[0]) if len(named) == 1 else None


def _without_ending(name: str) -> str:
    """Of an image; any other name as it is."""
    stem, ending = os.path.splitext(name)  # noqa: PTH122
    return stem if ending.lower() in IMAGE_SUFFIXES else name


def _below(folder: Path, names: Sequence[str]) -> Path | None:
    for name in names:
        alike = names_in(folder, letters).get(letters(name), [])
        if len(alike) != 1:
            return None
        folder /= alike[0]
    return folder


def letters(name: str) -> str:
    """The same for names that many disks take for one: which differ in capitals, or in how an
    umlaut is written."""
    return unicodedata.normalize("NFC", name).casefold()


def composed(path: Path) -> Path:
    """With each umlaut as one character, as names are compared: a Mac writes two."""
    return path if str(path).isascii() else Path(unicodedata.normalize("NFC", str(path)))


def names_in(folder: Path, spelt: Callable[[str], str]) -> dict[str, list[str]]:
    """The names in the folder, by how each is spelt; none where it cannot be looked into. spelt: a
    function of a module, for what is found is kept by it."""
    try:
        return _looked_into(folder, folder.stat().st_mtime_ns, spelt)
    except (OSError, ValueError):  # ValueError: a path that no system can have
        return {}


@lru_cache(maxsize=64)
def _looked_into(folder: Path, changed: int, spelt: Callable[[str], str]) -> dict[str, list[str]]:
    """Once, and not for each of a thousand images that are not there. changed: when it last was."""
    found: dict[str, list[str]] = {}
    for name in os.listdir(folder):  # noqa: PTH208
        found.setdefault(spelt(name), []).append(name)
    return found


def exists(path: Path) -> bool:
    """Path's own raises on long names."""
    return os.path.exists(path)  # noqa: PTH110


def replace_file(target: Path, content: str | bytes | Iterable[str | bytes]) -> None:
    """The target is the old file or the complete new one, at every moment and after a crash.

    content: text may come in parts, which are written as they come. Within an export it waits for
    the rest of the export (see `staging`). Raises DiskFull or FormatError; the old file is then as
    it was.
    """
    parts = [content] if isinstance(content, str | bytes) else content
    counted, export = rehearsed(), staging()
    if counted is not None:
        for _ in parts:  # they count as they are written
            pass
        counted.append(target)
        return
    if export is not None:
        export.write(target, parts)
        return
    target = Path(os.path.realpath(target))  # a link stays one
    partial = target.with_name(_unfinished(target.name))
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part if isinstance(part, bytes) else encoded(part, target))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _unfinished(name: str) -> str:
    """Of the file of that name until it is complete. A name may be as long as names can be."""
    end = f".{os.getpid()}.partial"
    if len(os.fsencode(name)) + len(end) < _LONGEST_NAME:
        return f".{name}{end}"
    return f".{hashlib.sha256(os.fsencode(name)).hexdigest()}{end}"


def make_folder(folder: Path) -> None:
    """With its parents. Raises FormatError."""
    if rehearsed() is not None or staging() is not None:  # an export makes its own
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
        ) from error


def copy_image(image: Path, target: Path, sha256: str = "", *, link: bool = False) -> str | None:
    """None where there is none: the file is gone, it is no image, or not the one whose hash is
    given. What is there already with the same bytes is left alone. link: within an export, a
    second name of the same file where the disk has such.

    Else "linked" or "copied". Raises DiskFull or FormatError, SourceAway of what lies elsewhere; a
    file that was there is then as it was.
    """
    counted, export = rehearsed(), staging()
    if (address := address_of(image)) is not None:
        if counted is not None:  # nothing is fetched before anything is written
            counted.append(target)
            return "copied"
        try:
            image = fetched(address, sha256 or None)
        except SourceAway:
            raise
        except ImageError:
            return None
    try:
        upright_size(image)
        if counted is not None and not target.exists():  # its bytes are looked at when it is copied
            counted.append(target)
            return "linked" if link else "copied"
        content = image.read_bytes()
    except (OSError, ImageError):
        return None
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        return None
    if _holds(target, content):
        if export is not None:
            export.keep(target)
    elif counted is not None:
        counted.append(target)
    elif link and export is not None and export.link(target, image, content):
        return "linked"
    else:
        make_folder(target.parent)
        replace_file(target, content)
        return "copied"
    return "linked" if link else "copied"


def _holds(file: Path, content: bytes) -> bool:
    try:
        same = file.is_file() and file.stat().st_size == len(content)
        return same and file.read_bytes() == content
    except OSError:
        return False
