"""What is done to more at once than a statement has variables, which are 32,766 of some SQLite."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, event

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project, accept_by_rule
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

VARIABLES = 600
MANY = 620


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    def limit(connection: Any, _record: Any) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, VARIABLES)

    event.listen(Engine, "connect", limit)
    try:
        with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
            yield project
    finally:
        event.remove(Engine, "connect", limit)


def facts(first: int, last: int) -> dict[int, ImageFacts]:
    return {number: ImageFacts(80, 60, f"{number:064x}") for number in range(first, last)}


def test_all_frames_of_a_long_video_come_in(project: Project) -> None:
    video = project.add_video(project.folder / "clip.mp4", "c" * 64, 25.0)
    assert len(project.add_frames(video.id, facts(0, MANY))) == MANY


def test_what_a_rule_accepted_of_a_large_project_is_undone(project: Project) -> None:
    shape = Shape(np.array([[10.0, 10.0], [50.0, 10.0]]))
    video = project.add_video(project.folder / "clip.mp4", "c" * 64, 25.0)
    for first, last in ((0, 310), (310, MANY)):
        project.add_frames(video.id, facts(first, last))
    for image in project.images():
        project.add_instance(image.id, Box(30, 30, 50, 50), who="ada")
    accept_by_rule(project, {record.id: shape for record in project.instances()}, who="ada")
    project.undo("ada")
    assert all(record.state is InstanceState.UNTOUCHED for record in project.instances())
