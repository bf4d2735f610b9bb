"""What people drop on a window from their files."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError


def dropped_paths(dropped: QMimeData) -> list[Path]:
    """Folders and files on this machine."""
    return [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]


def dropped_folder_or_file(dropped: QMimeData) -> tuple[Path, bool]:
    """Which one it is, and whether it is a project. Raises ActionableError for anything else."""
    paths = dropped_paths(dropped)
    if len(paths) != 1:
        raise ActionableError(
            "One folder or file can be dropped at a time.",
            kept="Nothing was imported.",
            remedy="Drop the folder that holds them.",
        )
    return paths[0], Project.is_project(paths[0])
