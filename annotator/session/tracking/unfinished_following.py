"""Followings that have not come to their ends, as long as nobody has been told: the program was
quit meanwhile, or it died. In the project's folder, a file each: two windows may follow at once."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

from landmark_annotator.projects.folder_sync import discard, write_whole

_NAMES = "following*.json"


@dataclass(frozen=True)
class Following:
    """Of the frames of a video from first to last, both among them; all_of_them: also those that
    the project did not have. reached: the last frame that was followed to and is stored, None where
    that is none."""

    who: str
    video_id: int
    first: int
    last: int
    all_of_them: bool = False
    reached: int | None = None

    @property
    def begun(self) -> "Following":
        """Before anything of it was stored."""
        return replace(self, reached=None)


@contextmanager
def noted(folder: Path, begun: Following) -> Iterator[None]:
    """While it goes on it has not come to its end; what fails is told by who asked for it."""
    _write(folder, begun)
    try:
        yield
    except Exception:
        forget(folder, begun)
        raise


def note_stop(folder: Path, begun: Following, reached: int) -> None:
    _write(folder, replace(begun, reached=reached))


def forget(folder: Path, following: Following) -> None:
    """It has come to its end, or the person knows how far it has come. Others stay."""
    for file, told in _told(folder):
        if told.begun == following.begun:
            discard(file)


def unfinished(folder: Path, who: str) -> Following | None:
    """What this person has begun last, where it has not come to its end."""
    return next((told for _, told in _told(folder) if told.who == who), None)


def _told(folder: Path) -> Iterator[tuple[Path, Following]]:
    """Each with its file, the one that was written last first."""
    found = []
    for file in folder.glob(_NAMES):
        with suppress(OSError, ValueError, TypeError):
            told = Following(**json.loads(file.read_text(encoding="utf-8")))
            found.append((file.stat().st_mtime_ns, file, told))
    for _, file, told in sorted(found, key=lambda each: each[0], reverse=True):
        yield file, told


def _write(folder: Path, following: Following) -> None:
    begun = repr(astuple(following.begun)).encode("utf-8", "surrogatepass")
    name = f"following-{hashlib.sha256(begun).hexdigest()[:12]}.json"
    with suppress(OSError):  # a full disk is told by what has labels to store
        write_whole(folder / name, json.dumps(asdict(following)) + "\n")
