"""What has no track becomes one, from the menu of a lane."""

import numpy as np

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("bar", ("start", "end"), edges=((0, 1),))
BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED, BOXED, EMPTY = (0, 2), 4, (6, 8)


def test_frames_in_which_nothing_was_found_have_no_object(tmp_path, open_window) -> None:
    """They were counted, and of one more track afterwards than there were animals."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        clip = encode(tmp_path / "clip.mp4", 12)
        for image in add_frames(project, clip, (*LABELLED, BOXED, *EMPTY), who="x").added:
            (own,) = project.instances_of(image.id)
            if image.frame in LABELLED:
                shape = Shape(np.array([[22.0 + image.frame, 20.0], [50.0, 34.0]]))
                project.fill_instance(own.id, BOX, shape, who="x")
            if image.frame == BOXED:
                project.set_box(own.id, BOX, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        video = clip.video.id

        def offered() -> list[str]:
            titles = [each.text() for each in clip.tracks.menu(video, None, 2).actions()]
            return [title for title in titles if "of no track are one" in title]

        (title,) = offered()
        assert title.startswith("The 3 objects of no track")
        boxed = [r.id for r in opened.instances() if r.box is not None]
        opened.add_track(video, "red", instances=boxed, who="x")
        assert offered() == []
