"""A video of a few labelled frames, with two tracks, under its open frame."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("bar", ("start", "end"), edges=((0, 1),))
BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED = (2, 6, 9)


def shape(frame: int) -> Shape:
    return Shape(np.array([[20.0 + frame, 20.0], [50.0, 40.0 + frame]]))


@pytest.fixture
def hands(tmp_path, open_window):
    """At the first labelled frame of a video of twelve, with two tracks; one frame waits."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        images = add_frames(project, encode(tmp_path / "clip.mp4", 12), LABELLED, who="x").added
        (video,) = project.videos()
        tracks = [project.add_track(video.id, name, who="x").id for name in ("red", "blue")]
        for image in images:
            (waiting,) = project.instances_of(image.id)
            project.fill_instance(waiting.id, BOX, shape(image.frame or 0), who="x")
            other = project.add_instance(image.id, BOX, shape=shape(0), who="x")
            for record, track in zip((waiting, other), tracks, strict=True):
                project.assign_track([record.id], track, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        yield hands


@pytest.fixture
def clip(hands):
    return hands.window.pages.page("label").clip


def objects_of(project, *, first: bool) -> list[int]:
    """The first or the second object of each frame."""
    place = 0 if first else 1
    return [project.instances_of(image.id)[place].id for image in project.images()]


def titles(menu) -> str:
    return "\n".join(action.text() for action in menu.actions())
