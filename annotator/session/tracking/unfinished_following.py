"""A following that has not come to its end, as long as nobody has been told: the program was quit
meanwhile, or it died. In the project's folder."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from landmark_annotator.projects.folder_sync import discard, write_whole

_NAME = "following.json"


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


@contextmanager
def noted(folder: Path, begun: Following) -> Iterator[None]:
    """While it goes on it has not come to its end; what fails is told by who asked for it."""
    _write(folder, begun)
    try:
        yield
    except Exception:
        forget(folder)
        raise


def note_stop(folder: Path, begun: Following, reached: int) -> None:
    _write(folder, replace(begun, reached=reached))


def forget(folder: Path) -> None:
    """It has come to its end, or the person knows how far it has come."""
    discard(folder / _NAME)


def unfinished(folder: Path, who: str) -> Following | None:
    """What this person has begun last, where it has not come to its end."""
    try:
        told = Following(**json.loads((folder / _NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return told if told.who == who else None


def _write(folder: Path, following: Following) -> None:
    with suppress(OSError):  # a full disk is told by what has labels to store
        write_whole(folder / _NAME, json.dumps(asdict(following)) + "\n")
