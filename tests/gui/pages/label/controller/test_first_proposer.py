"""The first proposal does not wait for what takes seconds to make."""

import math
import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.controller.proposer_offer import first_proposer
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

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
