"""Followings that have not come to their ends, as long as nobody has been told: the program was
quit meanwhile, or it died, or another window or a command is still at it. In the project's folder,
a file each, as two windows may follow at once, and beside it one that is locked while it goes on: a
lock ends with its program, however that ends."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

from landmark_annotator.projects.file_lock import is_held, one_at_a_time
from landmark_annotator.projects.folder_sync import discard, write_whole
from landmark_annotator.projects.vocabulary.errors import ActionableError

_NAMES = "following*.json"
_BEGINNING = "following.beginning"
"""Inside of which one looks at what goes on and is the next."""


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
    """While it goes on nobody else takes it for one that was left; what fails is told by who asked
    for it. Raises ActionableError where somebody follows through some of these frames now, in
    another window or by a command: each would make tracks of the same objects. Of two that begin at
    the same time, one does."""
    mark = _mark(folder / _name(begun))
    with ExitStack() as held:
        # A folder that is gone is told by what reads the project.
        with suppress(OSError), one_at_a_time(folder / _BEGINNING, stays=False):
            _refuse_where_followed(folder, begun)
            held.enter_context(one_at_a_time(mark))
            _write(folder, begun)
        try:
            yield
        except Exception:
            forget(folder, begun)
            raise
        finally:
            discard(mark)


def _refuse_where_followed(folder: Path, begun: Following) -> None:
    for told in going_on(folder):
        if told.video_id == begun.video_id and (
            told.first <= begun.last and begun.first <= told.last
        ):
            raise ActionableError(
                f"Objects are being followed through frames {told.first:,} to {told.last:,} of "
                "this video in another window or by a command.",
                kept="No track was made.",
                remedy="Wait until that is done: its tracks are seen here then. Or stop it there, "
                "or choose other frames.",
            )


def note_stop(folder: Path, begun: Following, reached: int) -> None:
    _write(folder, replace(begun, reached=reached))


def forget(folder: Path, following: Following) -> None:
    """It has come to its end, or the person knows how far it has come. Others stay."""
    for file, told in _told(folder):
        if told.begun == following.begun:
            discard(file)
            discard(_mark(file))  # of a program that was killed


def unfinished(folder: Path, who: str) -> Following | None:
    """What this person has begun last, where it has not come to its end and nobody is at it."""
    left = (told for file, told in _told(folder) if not _goes_on(file))
    return next((told for told in left if told.who == who), None)


def going_on(folder: Path) -> list[Following]:
    """What is followed now, by whomever, the one that was begun last first."""
    return [told for file, told in _told(folder) if _goes_on(file)]


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
    with suppress(OSError):  # a full disk is told by what has labels to store
        write_whole(folder / _name(following), json.dumps(asdict(following)) + "\n")


def _name(following: Following) -> str:
    begun = repr(astuple(following.begun)).encode("utf-8", "surrogatepass")
    return f"following-{hashlib.sha256(begun).hexdigest()[:12]}.json"


def _mark(file: Path) -> Path:
    return file.with_suffix(".running")


def _goes_on(file: Path) -> bool:
    try:
        return is_held(_mark(file))
    except OSError:  # A disk without locks: as far as anyone can tell it was left.
        return False
