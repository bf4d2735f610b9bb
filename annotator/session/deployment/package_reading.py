"""Reading a package that somebody else may have made: nothing of it is run or unpickled, nothing
leaves the folder it is put into, and nothing is larger than it says."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.annotator.session.deployment.named_model import (
    NamedModel,
    named_model,
    opened,
)
from landmark_annotator.annotator.session.deployment.package_writing import (
    ABOUT,
    FINDER,
    FORM,
    MODEL,
    WEIGHTS,
)
from landmark_annotator.annotator.session.models.library import BOXES
from landmark_annotator.backends.learning.model_cards import CARD
from landmark_annotator.projects.vocabulary.errors import FormatError, WeightsMismatch, why

_MOST_WEIGHTS, _MOST_TEXT = 1_000_000_000, 20_000_000
"""Bytes of one file in it."""
_MOST_FILES = 100
_PIECE = 1 << 20


@contextmanager
def model_at(name: str) -> Iterator[NamedModel]:
    """As `named_model`; a package is put into a folder that is gone afterwards. Raises FormatError
    where the package is none, or damaged, as may be found out when it is loaded."""
    file = Path(name)
    if file.suffix.lower() != ".zip" or not file.is_file():
        yield named_model(name)
        return
    with TemporaryDirectory(prefix="landmark-package-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        backend, title = _unpacked(file, folder)
        finder = folder / FINDER
        try:
            model = opened(title, backend, folder / MODEL, None)
            # Who made the package knew that they belong together, whatever landmarks are called.
            yield replace(model, finder=finder if finder.is_dir() else None)
        except WeightsMismatch as error:
            raise _damaged(file, _of_package(error.happened, folder)) from error


def _unpacked(file: Path, folder: Path) -> tuple[str, str]:
    """The model and its finder as files of our own names; the backend and what it is called."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > _MOST_FILES or len(set(names)) < len(names):
                raise _damaged(file, "it has too many files, or one twice")
            about = json.loads(_content(archive, ABOUT, _MOST_TEXT))
            if about["format"] != FORM:
                raise _damaged(file, f"its format is {str(about['format'])[:60]}")
            backend, title = str(about["backend"]), str(about["name"])[:100]
            parts = [MODEL, *([FINDER] if f"{FINDER}/{CARD}" in names else [])]
            for part in parts:
                (folder / part).mkdir()
                for name, most in ((CARD, _MOST_TEXT), (WEIGHTS, _MOST_WEIGHTS)):
                    _copied(archive, f"{part}/{name}", folder / part / name, most)
            if (boxes := f"{MODEL}/{BOXES}") in names:
                _copied(archive, boxes, folder / boxes, _MOST_TEXT)
    except FormatError:
        raise
    except OSError as error:
        raise _damaged(file, error.strerror or str(error)) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
        RuntimeError,  # an entry that is encrypted
        NotImplementedError,
        RecursionError,
    ) as error:
        raise _damaged(file, why(error)[:200] or type(error).__name__) from error
    return backend, title


def _content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    return b"".join(_pieces(archive, name, most))


def _copied(archive: zipfile.ZipFile, name: str, target: Path, most: int) -> None:
    with target.open("wb") as out:
        for piece in _pieces(archive, name, most):
            out.write(piece)


def _pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """What an entry says of its size may be wrong: what comes out is counted."""
    total = 0
    with archive.open(name) as entry:
        while piece := entry.read(_PIECE):
            total += len(piece)
            if total > most:
                raise ValueError(f"{name} is larger than {most // 1_000_000} MB")
            yield piece


def _of_package(happened: str, folder: Path) -> str:
    """What is wrong with weights, without the folder that they were put into for the time being."""
    for part in (MODEL, FINDER):
        happened = happened.replace(f" in {folder / part}", "")
    return happened[:1].lower() + happened[1:].rstrip(".")


def _damaged(file: Path, why: str) -> FormatError:
    return FormatError(
        f"{file} is no package of a model, or damaged: {why}.",
        kept="Nothing of it was used.",
        remedy="Copy the file again, or make it anew: annotator package MODEL FILE.",
    )
