"""The first proposal does not wait for what takes seconds to make."""

import math
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.controller.proposer_offer import first_proposer
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking.growing_clip import GrowingClip
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.projects.video.encoded import encode

ARROW = np.array([[32.0, 50.0], [55.0, 44.0], [68.0, 50.0]])


@pytest.fixture
def slow(monkeypatch):
    """Looking at the labelled images takes until this is set."""
    done = threading.Event()
    load = PriorModel.load

    def wait(self, *told):
        assert done.wait(20)
        return load(self, *told)

    monkeypatch.setattr(PriorModel, "load", wait)
    yield done
    done.set()


@pytest.fixture
def opened(make_project, open_window, slow):
    # With one label nothing says yet that these random pictures show nothing of their shapes.
    hands = open_window(make_project(labelled=1), start=False, before_close=lambda _: slow.set())
    hands.window.start()
    hands.qtbot.waitUntil(lambda: hands.window.controller.phase is Phase.READY, timeout=20_000)
    return hands


def test_the_labelled_shapes_alone_propose_at_once(opened):
    assert opened.window.controller.view.backend == "prior"


def test_the_untouched_image_takes_the_better_proposal_when_it_is_there(opened, slow):
    slow.set()
    opened.wait_for()
    assert opened.window.controller.view.backend == "registration"


def test_a_point_placed_meanwhile_stays(opened, slow):
    place = opened.click(*opened.free_place())
    asked = opened.window.project.journal(opened.open_id)
    landmark = next(entry.landmark for entry in asked)
    slow.set()
    opened.qtbot.waitUntil(lambda: opened.window.preparation.settled, timeout=20_000)
    assert opened.points[landmark] == pytest.approx(place, abs=0.01)


def test_what_proposes_is_told_on_another_page_too_once_it_is_known(
    make_project, open_window, slow
):
    hands = open_window(make_project(labelled=1), start=False, before_close=lambda _: slow.set())
    hands.window.start()
    hands.key(Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    slow.set()
    preparation, told = hands.window.preparation, hands.window.status.model.toolTip
    hands.qtbot.waitUntil(lambda: preparation.proposer is not None, timeout=20_000)
    hands.qtbot.waitUntil(lambda: told() == preparation.proposer.reason, timeout=20_000)


def test_two_clicks_place_objects_that_point_anywhere_turned_as_they_are(tmp_path):
    scheme = Scheme("arrow", ("tail", "side", "tip"))
    with Project.create(tmp_path / "arrows", scheme) as project:
        for number in range(8):
            box = Box(50.0, 50.0, 40.0, 40.0, math.radians(45 * number))
            points = box.to_image(Box(50.0, 50.0, 40.0, 40.0).to_frame(ARROW))
            image = project.add_image(tmp_path / f"{number}.png", ImageFacts(100, 100, str(number)))
            drawn = Box.square_around(points)
            project.add_instance(image.id, drawn, shape=Shape(points), who="import")
    offer, _ = first_proposer(tmp_path / "arrows")
    box = offer.two_clicks.box(*(points[j] for j in offer.two_clicks.landmarks))
    assert box.to_image(offer.two_clicks.mean) == pytest.approx(points, abs=1e-6)
    assert box.side < 2 * drawn.side


def test_it_takes_the_place_of_nothing_that_another_model_has_said(make_project, open_window, slow):
    project = make_project(labelled=4, untouched=2)
    records = project.instances()
    waiting = [each.id for each in records if not project.shape(each.id).known.any()]
    unsure = np.tile(np.eye(2), (6, 1, 1))
    for instance_id in waiting:
        said = {"predicted_error": 0.5, "model": "heatmap", "own": True}
        project.store_proposal(instance_id, np.full((6, 2), 90.0), unsure, **said)
    hands = open_window(project, start=False, before_close=lambda _: slow.set())
    hands.window.start()
    hands.qtbot.waitUntil(lambda: hands.window.controller.phase is Phase.READY, timeout=20_000)
    preparation = hands.window.preparation
    hands.qtbot.waitUntil(lambda: not any(map(preparation.thinks, waiting)), timeout=20_000)
    assert [project.proposal(i).model for i in waiting] == ["heatmap"] * 2
    slow.set()
    hands.wait_for()
    assert project.proposal(hands.open_id).model == "prior", "which has looked at images by now"


def followed_bars(project: Project, folder: Path, box: Box, smoothed: Floats) -> int:
    """Of a video three frames are labelled, and one was followed to; its object's id."""
    clip = encode(folder / "clip.mp4", 12)
    for image in add_frames(project, clip, (0, 2, 4, 6), who="x").added:
        (record,) = project.instances_of(image.id)
        shape = Shape([[22.0 + image.frame, 20.0], [50.0, 34.0]])
        if image.frame < 6:
            project.fill_instance(record.id, box, shape, who="x")
        else:
            project.set_box(record.id, box, who="x")
    track = project.add_track(project.videos()[0].id, "red", who="x").id
    project.assign_track([each.id for each in project.instances()], track, who="x")
    unsure = np.tile(0.25 * np.eye(2), (2, 1, 1))
    said = {"predicted_error": 1.0, "model": "tracking", "own": True}
    project.store_proposal(record.id, smoothed, unsure, **said)
    return record.id


def test_what_was_followed_through_a_video_is_seen_before_what_looks_at_no_image(
    tmp_path, open_window, slow
):
    box, smoothed = Box(40.0, 30.0, 40.0, 40.0), np.array([[31.0, 21.0], [49.0, 39.0]])
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        waiting = followed_bars(project, tmp_path, box, smoothed)
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened, start=False, before_close=lambda _: slow.set())
        hands.window.start()
        hands.qtbot.waitUntil(lambda: hands.window.controller.phase is Phase.READY, timeout=20_000)
        assert hands.open_id == waiting
        assert hands.points == pytest.approx(smoothed, abs=1e-3)
        slow.set()
        hands.wait_for()
        hands.window.close()


def test_what_was_followed_is_seen_until_all_frames_have_been_looked_at_anew(
    tmp_path, open_window, monkeypatch
):
    """What its own frame says alone was shown meanwhile, far less sure, and accepted by Enter."""
    monkeypatch.setattr(GrowingClip, "of", lambda *told: None)
    box, smoothed = Box(40.0, 30.0, 40.0, 40.0), np.array([[31.0, 21.0], [49.0, 39.0]])
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        waiting = followed_bars(project, tmp_path, box, smoothed)
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        hands.wait_for()
        assert hands.open_id == waiting
        assert hands.points == pytest.approx(smoothed, abs=1e-3)
        hands.window.close()


def test_what_was_followed_is_there_before_a_model_has_looked_at_the_frame(
    tmp_path, open_window, monkeypatch
):
    looks = threading.Event()
    propose = Proposer.propose

    def slow(self, *told):
        assert looks.wait(20)
        return propose(self, *told)

    box, smoothed = Box(40.0, 30.0, 40.0, 40.0), np.array([[31.0, 21.0], [49.0, 39.0]])
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        waiting = followed_bars(project, tmp_path, box, smoothed)
        stored = project.proposal(waiting).at
    monkeypatch.setattr(Proposer, "propose", slow)
    monkeypatch.setattr(GrowingClip, "of", lambda *told: None)
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened, before_close=lambda _: looks.set())
        hands.qtbot.waitUntil(lambda: hands.window.controller.phase is Phase.READY, timeout=20_000)
        assert hands.points == pytest.approx(smoothed, abs=1e-3)
        looks.set()
        hands.wait_for()
        assert opened.proposal(waiting).at == stored, "labels that came since are told by that"
        hands.window.close()
