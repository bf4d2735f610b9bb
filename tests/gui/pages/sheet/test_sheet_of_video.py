"""Objects that were followed through a video, on the sheet."""

import numpy as np
import pytest

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED, FOLLOWED = (0, 2, 4), (6, 8)
SMOOTHED = np.array([[31.0, 21.0], [49.0, 39.0]])


@pytest.fixture
def page(tmp_path, open_window):
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        clip = encode(tmp_path / "clip.mp4", 12)
        added = add_frames(project, clip, (*LABELLED, *FOLLOWED), who="x").added
        records = [project.instances_of(image.id)[0] for image in added]
        for image, record in zip(added, records, strict=True):
            if image.frame in LABELLED:
                points = np.array([[22.0 + image.frame, 20.0], [50.0, 34.0]])
                project.fill_instance(record.id, BOX, Shape(points), who="x")
            else:
                project.add_found({image.id: [BOX]}, who="x")
        track = project.add_track(project.videos()[0].id, "red", who="x").id
        project.assign_track([record.id for record in records], track, who="x")
        for record in records[len(LABELLED) :]:
            project.store_proposal(
                record.id,
                SMOOTHED,
                np.tile(0.25 * np.eye(2), (2, 1, 1)),
                predicted_error=1.0,
                model="tracking",
                own=True,
            )
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened, preferences=Preferences(sheet_size=6, sheet_seconds=0.0))
        hands.window.pages.turn_to("sheet")
        page = hands.window.pages.page("sheet")
        hands.qtbot.waitUntil(lambda: page.settled and len(page.cells) == 2, timeout=20_000)
        yield page


def test_they_are_as_all_frames_of_their_track_say_together(page) -> None:
    for cell in page.cells:
        assert cell.view.shape.points == pytest.approx(SMOOTHED, abs=1e-3)
        assert cell.view.backend == "tracking"
        assert cell.view.instance.state is InstanceState.UNTOUCHED


def test_they_are_told_apart_in_narrow_cells_too(page) -> None:
    for width in (150, 200, 300):
        for cell, frame in zip(page.cells, FOLLOWED, strict=True):
            cell.caption.resize(width, cell.caption.height())
            metrics = cell.caption.fontMetrics()
            assert cell.caption.text().endswith(f"frame {frame}")
            assert metrics.horizontalAdvance(cell.caption.text()) <= width
