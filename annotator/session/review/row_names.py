"""What instances are called in lists, in the window and by commands alike."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landmark_annotator.projects.images import frame_name
from landmark_annotator.projects.images.source import numbered_name
from landmark_annotator.projects.remote import is_address
from landmark_annotator.projects.store import ListedRow, Project
from landmark_annotator.projects.video import is_numbered


def row_name(listed: ListedRow) -> str:
    """The file's name, of a video with the frame, behind its folders where not all images lie in
    one; of numbered images their folder's. Where an image holds several objects they are
    numbered."""
    return _name(listed.row.path, listed.row.frame, listed.number, listed.folder)


def row_folder(listed: ListedRow, project: Path) -> str:
    """Where the file lies, by which files of one name are told apart. project: its folder, to which
    recorded paths are relative."""
    path = listed.row.path
    if is_address(path):
        return path.rpartition("/")[0]
    return str((project / path).parent)


def row_names(project: Project, instance_ids: Sequence[int]) -> dict[int, str]:
    """By the ids of these."""
    return {listed.row.instance_id: row_name(listed) for listed in project.rows(instance_ids)}


def named(project: Project, part: str) -> NDArray[np.int64]:
    """(N,) ids of the instances whose name holds the part, in whatever case."""
    sought = part.casefold()
    found = (
        each.instance_id
        for each in project.perhaps_named(part)
        if sought in _name(each.path, each.frame, each.number, each.folder).casefold()
    )
    return np.fromiter(found, dtype=np.int64)


@lru_cache(maxsize=64)
def _is_numbered(path: str) -> bool:
    """Asked for each of a hundred thousand frames of one video, when a name is sought."""
    return is_numbered(Path(path))


def _name(path: str, frame: int | None, number: int | None, folder: str) -> str:
    inside, _, file = path.rpartition("/")
    if frame is None:
        name = f"{folder}{file}"
    elif inside and _is_numbered(path):
        name = numbered_name(folder.rstrip("/") or inside.rpartition("/")[2], frame)
    else:
        name = frame_name(f"{folder}{file}", frame)
    return name if number is None else f"{name}  #{number}"
