"""What is seen of frames that two people label, by the one of them who is not done yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.label.commands.passing_marks import passing_marks
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Assignment, Project, Role
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from tests.unit.projects.video.encoded import encode

BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED, BESIDE = 2, 3


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ada has labelled a frame of a video, in which the end of a bar is not in the image; Bob is
    to label it too."""
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        project.set_person("lea", Role.LEAD, who="lea")
        for name in ("ada", "bob"):
            project.set_person(name, Role.ANNOTATOR, who="lea")
        project.set_assignment(Assignment(twice=1.0), who="lea")
        clip = encode(tmp_path / "clip.mp4", 12)
        for image in add_frames(project, clip, (LABELLED, BESIDE), who="lea").added:
            (record,) = project.instances_of(image.id)
            project.set_box(record.id, BOX, who="ada")
            if image.frame == LABELLED:
                marks = [Provenance.CLICKED] * 2
                ended = Shape([[20.0, 20.0], [np.nan] * 2], [2, 0], marks)
                project.accept(record.id, ended, who="ada")
            project.give_back([image.id], who="ada")
        yield project


def passed(project: Project, who: str) -> bool:
    """Whether any landmark of the labelled frame is drawn as it goes by."""
    objects = project.objects_of_video(project.videos()[0].id, first=LABELLED, last=LABELLED)
    marks, _ = passing_marks(project, objects, None, who)
    return marks is not None and bool(np.isfinite(marks.points).any())


def carried(project: Project, who: str) -> int:
    """How many labels beside say something of the other frame."""
    beside = next(image.id for image in project.images() if image.frame == BESIDE)
    return len(project.to_label(project.instances_of(beside)[0].id, who=who).beside)


def test_the_other_persons_labels_are_neither_drawn_nor_carried_before_both_are_done(
    project: Project,
) -> None:
    assert (passed(project, "ada"), carried(project, "ada")) == (True, 1)
    assert (passed(project, "bob"), carried(project, "bob")) == (False, 0)

    (again,) = [r for r in project.instances() if r.second_opinion_on is not None]
    project.accept(again.id, Shape([[21.0, 20.0], [50.0, 40.0]]), who="bob")
    assert (passed(project, "bob"), carried(project, "bob")) == (True, 1)


def test_of_all_objects_of_a_frame_it_is_asked_at_once_whether_they_are_hidden(
    project: Project,
) -> None:
    frame = next(image.id for image in project.images() if image.frame == LABELLED)
    for _ in range(3):
        shape = Shape([[30.0, 20.0], [50.0, 40.0]])
        project.add_instance(frame, BOX, shape=shape, who="ada")
    asked: list[str] = []
    driver: Any = project._reading.connection.dbapi_connection
    driver.set_trace_callback(lambda said: asked.append(said) if "FROM people" in said else None)
    assert passed(project, "ada")
    assert len(asked) == 1, "\n".join(asked)
