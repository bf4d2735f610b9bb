"""Which file of here was taken for which one of another computer, while labels come in: two images
of one name, whose folders are not here, would both be the only file of that name, and the labels of
one would lie on the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError


@dataclass
class _Taken:
    """first: by the file of here, how it was written first, and that folder, which is not here.
    anew: reads all that there is from its beginning; None where that is done, or cannot be."""

    first: dict[Path, tuple[str, str]] = field(default_factory=dict)
    collapsed: ActionableError | None = None
    anew: Callable[[], Iterable[object]] | None = None
    read: bool = False
    """Whether it was read anew."""


_taken: ContextVar[_Taken | None] = ContextVar("taken", default=None)
"""Of this thread."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Inside of it `refuse_collapsed` knows what was taken."""
    before = _taken.set(_Taken())
    try:
        yield
    finally:
        _taken.reset(before)


def read_from(anew: Callable[[], Iterable[object]]) -> None:
    """Where any image is taken for another computer's, all are looked for before the first label is
    stored: of labels of which two images collapse none comes in. anew: reads the labels once more.
    """
    taken = _taken.get()
    if taken is not None and not taken.read:
        taken.anew = anew


def take(found: Path, written: str, missing: Sequence[str], images: Path) -> None:
    """found: the file of here that is taken for the written one. missing: the parts of that path
    before those that are the same here; the last one is the folder that tells two of a name apart.
    images: the folder that names start from.
    """
    taken = _taken.get()
    if taken is None or taken.collapsed is not None or not missing:
        return
    first, folder = taken.first.setdefault(found, (written, missing[-1]))
    if folder.casefold() != missing[-1].casefold():
        # Raised later: what is wrong with one entry does not stop readers, and this is of two.
        taken.collapsed = FormatError(
            f"{first} and {written} are two images of another computer, and neither of their "
            f"folders is here: both would be {found}.",
            kept="Nothing was imported.",
            remedy=f"Put the images into folders {_name(folder)} and {_name(missing[-1])} in "
            f"{images if images.parts else 'this folder'}, or say in which other folder these are "
            "(--images at a terminal).",
        )


def refuse_collapsed() -> None:
    """Before anything of what was read last is stored: raises FormatError where two images of
    another computer were taken for the same file. The same folder on another disk, or below another
    one, is no other image: two people may have copies."""
    taken = _taken.get()
    if taken is None:
        return
    if taken.first and taken.anew is not None and taken.collapsed is None:
        taken.read, anew, taken.anew = True, taken.anew, None
        for _ in anew():
            pass
    if taken.collapsed is not None:
        raise taken.collapsed


def _name(part: str) -> str:
    return part.rstrip("\\/") or part
