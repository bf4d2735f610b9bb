"""A video without tracks, of whose frames some are labelled, opened in the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("bar", ("start", "end"), edges=((0, 1),))
LABELLED, WAITING = (0, 2, 4), (6, 8)


def labelled(frame: int) -> tuple[Box, Shape]:
    """Of the bright square that `drawn` shows, which nothing else looks like."""
    corner = np.array([3.0, 5.0]) * frame
    return Box(*(corner + 7.5), 24.0, 24.0), Shape(np.stack([corner, corner + 15.0]))


@contextmanager
def opened_video(folder: Path, open_window) -> Iterator:
    """At a frame of a video without tracks, of whose objects some have a shape."""
    with Project.create(folder / "bars", SCHEME) as project:
        clip = encode(folder / "clip.mp4", 12)
        for image in add_frames(project, clip, (*LABELLED, *WAITING), who="x").added:
            (own,) = project.instances_of(image.id)
            if image.frame in LABELLED:
                project.fill_instance(own.id, *labelled(image.frame), who="x")
    with Project.open(folder / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        yield hands


def lanes(hands) -> list[str]:
    timeline = hands.window.pages.page("label").clip.timeline
    return [lane.name for lane in timeline.lanes]


def ended(hands) -> None:
    """What has come in is seen before the work that brought it has ended."""
    hands.qtbot.waitUntil(lambda: not hands.window.work.follow.running, timeout=20_000)
