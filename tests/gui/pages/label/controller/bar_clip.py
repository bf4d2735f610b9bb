"""A video of a bar of which some frames are labelled and some wait, opened in the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("bar", ("start", "end"), edges=((0, 1),))
BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED, WAITING = (0, 2, 4), (5, 6, 7)


@contextmanager
def opened_bars(folder: Path, open_window) -> Iterator:
    """At the first object of three waiting frames, when all frames of its track were looked at."""
    with Project.create(folder / "bars", SCHEME) as project:
        frames = (*LABELLED, *WAITING)
        images = add_frames(project, encode(folder / "clip.mp4", 8), frames, who="x").added
        (video,) = project.videos()
        tracks = [project.add_track(video.id, name, who="x").id for name in ("red", "blue")]
        for image in images:
            (own,) = project.instances_of(image.id)
            frame = image.frame or 0
            shape = Shape(np.array([[22.0 + frame, 20.0], [50.0, 34.0 + frame]]))
            labels = shape if frame in LABELLED else None
            other = project.add_instance(image.id, BOX, shape=labels, who="x")
            if labels is not None:
                project.fill_instance(own.id, BOX, shape, who="x")
            else:
                project.set_box(own.id, BOX, who="x")
            for record, one in zip((own, other), tracks, strict=True):
                project.assign_track([record.id], one, who="x")
    with Project.open(folder / "bars") as opened:
        hands = open_window(opened)
        wait(hands)
        yield hands


def track(hands):
    return hands.window.pages.page("label").clip.track


def wait(hands) -> None:
    """Until everything is looked at, smoothed and shown."""
    hands.wait_for()
    looked = track(hands)
    hands.qtbot.waitUntil(lambda: looked.read is not None and not looked.busy, timeout=60_000)


def instance(hands, frame: int, place: int = 0) -> int:
    project = hands.window.project
    image = next(each for each in project.images() if each.frame == frame)
    return project.instances_of(image.id)[place].id
