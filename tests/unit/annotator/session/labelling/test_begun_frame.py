"""A frame of a video comes in with the boxes and tracks of one beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.labelling.clip import begin_frame
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from tests.unit.projects.video.encoded import encode

BOXES = {4: Box(30.0, 30.0, 20.0, 20.0), 10: Box(50.0, 30.0, 20.0, 20.0)}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """25 frames a second; frames 7 and 8 were put in, and nobody has looked at them yet."""
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as made:
        images = add_frames(made, encode(tmp_path / "clip.mp4", 40), (4, 7, 8, 10), who="x").added
        (video,) = made.videos()
        track = made.add_track(video.id, "red", who="x")
        for image in images:
            if (box := BOXES.get(image.frame or 0)) is not None:
                (record,) = made.instances_of(image.id)
                made.set_box(record.id, box, who="x")
                made.assign_track([record.id], track.id, who="x")
        yield made


def begun(project: Project, frame: int) -> InstanceRecord:
    video, like = project.videos()[0], project.images()[0]
    return project.instance(begin_frame(project, video, frame, like, "x"))


@pytest.mark.parametrize(("frame", "like"), [(5, 4), (6, 4), (9, 10), (12, 10), (35, 10)])
def test_frames_that_nobody_has_looked_at_do_not_hide_a_labelled_one(
    project: Project, frame: int, like: int
) -> None:
    """Frame 7, two nearer, has no box: one had to be drawn, and its track said, once more."""
    record = begun(project, frame)
    assert record.box == BOXES[like]
    assert record.track_id == project.tracks()[0].id


def test_what_is_more_than_a_second_away_says_nothing(project: Project) -> None:
    record = begun(project, 36)
    assert (record.box, record.track_id) == (None, None)
