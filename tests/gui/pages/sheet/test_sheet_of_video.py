"""Objects that were followed through a video, on the sheet."""

import threading

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.sheet import preparation
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

BOX = Box(40.0, 30.0, 40.0, 40.0)
LABELLED, FOLLOWED = (0, 2, 4), (6, 8)
SMOOTHED = np.array([[31.0, 21.0], [49.0, 39.0]])


def store_smoothed(project: Project, instance_id: int, points: np.ndarray) -> None:
    unsure = np.tile(0.25 * np.eye(2), (2, 1, 1))
    project.store_proposal(
        instance_id, points, unsure, predicted_error=1.0, model="tracking", own=True
    )


@pytest.fixture
def folder(tmp_path):
    """Of a project in which two frames wait that were followed to."""
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
            store_smoothed(project, record.id, SMOOTHED)
    return tmp_path / "bars"


@pytest.fixture
def page(folder, open_window):
    with Project.open(folder) as opened:
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


def test_that_they_were_followed_before_something_was_placed_is_said(page, qtbot) -> None:
    project = page.project
    first = project.instances()[0]
    told = page.parts.count.toolTip
    assert "followed" not in page.parts.count.text() + told()
    project.place(first.id, 0, (23.0, 20.0), who="x")
    page.turn(1)
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    said = "2 of these were followed before landmarks were placed in the video: Ctrl+P takes these"
    assert said in page.parts.count.text() + told()


def test_once_all_was_proposed_anew_that_is_shown(page, qtbot) -> None:
    project = page.project
    project.place(project.instances()[0].id, 0, (23.0, 20.0), who="x")
    again = SMOOTHED + 2.0
    for cell in page.cells:
        store_smoothed(project, cell.instance_id, again)
    page._context.changed(Change(Kind.LIST | Kind.PROPOSALS))
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    for cell in page.cells:
        assert cell.view.shape.points == pytest.approx(again, abs=1e-3)
    assert "followed" not in page.parts.count.toolTip()


def test_what_was_followed_waits_for_no_model(folder, open_window, monkeypatch) -> None:
    """With a training beside the window it took minutes until one was there."""
    there, make = threading.Event(), preparation._make_proposer

    def slow(*told):
        assert there.wait(20)
        return make(*told)

    monkeypatch.setattr(preparation, "_make_proposer", slow)
    with Project.open(folder) as opened:
        hands = open_window(
            opened,
            preferences=Preferences(sheet_size=6, sheet_seconds=0.0),
            before_close=lambda _: there.set(),
        )
        hands.window.pages.turn_to("sheet")
        page = hands.window.pages.page("sheet")
        shown = lambda: [cell.view and cell.view.backend for cell in page.cells]  # noqa: E731
        hands.qtbot.waitUntil(lambda: shown() == ["tracking"] * 2)
        assert not page.settled
        there.set()
        hands.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
        assert shown() == ["tracking"] * 2
