"""What was filled in has a sign of its own, on the canvas, in the list, and for reviewers."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from landmark_annotator.annotator.gui.canvas.layers.sign_icon import sign_icon
from landmark_annotator.projects.store import fill_shapes
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility

FILLED = Provenance.FILLED


@pytest.fixture
def filled(make_project, open_window):
    """An instance with one click, the other landmarks filled in."""
    project = make_project()
    instance_id = project.instances()[0].id
    project.place(instance_id, 0, (120.0, 60.0), who="somebody")
    points = project.shape(project.instances()[-1].id).points
    spread = np.broadcast_to(4.0 * np.eye(2), (6, 2, 2))
    fill_shapes(project, {instance_id: Shape(points, covariances=spread)}, who="somebody")
    hands = open_window(project)
    hands.wait_for()
    return hands


def drawn(provenance: Provenance | None, visibility: Visibility) -> QImage:
    picture = sign_icon(provenance, visibility, 2.0).pixmap(32, 32).toImage()
    # As somebody sees it to whom all colours are alike.
    return picture.convertToFormat(QImage.Format.Format_Alpha8)


def test_no_two_signs_have_one_shape(qapp):
    seen = [(None, Visibility.VISIBLE), (None, Visibility.NOT_LABELLED)] + [
        (mark, visibility)
        for mark in (Provenance.CLICKED, Provenance.CONFIRMED, Provenance.IMPORTED, FILLED)
        for visibility in (Visibility.VISIBLE, Visibility.OCCLUDED)
    ]
    pictures = {sign: drawn(*sign) for sign in seen}
    alike = [pair for pair in combinations(seen, 2) if pictures[pair[0]] == pictures[pair[1]]]
    assert alike == []


def test_the_canvas_shows_filled_points_as_such(filled):
    assert filled.canvas.scene.marks.provenance == (Provenance.CLICKED, *[FILLED] * 5)


def test_the_list_says_it_in_words_and_the_legend_names_the_sign(filled):
    panel = filled.window.landmarks
    assert panel._rows[3].toolTip(0) == "left: filled in from the clicks"
    assert panel._rows[0].toolTip(0) == "top: clicked by a person"
    said = [label.text() for label in panel.findChildren(QLabel)]
    assert "filled in from the clicks" in said


def test_a_reviewer_sees_what_was_filled(filled):
    filled.window.landmarks.accept.click()
    window = filled.window
    window.pages.turn_to("review")
    page = window.pages.page("review")
    filled.qtbot.waitUntil(lambda: page.settled)
    page.open(window.controller.project.instances()[0].id)
    assert page.canvas.scene.marks.provenance[1:] == (FILLED,) * 5
    assert page.history.table.topLevelItem(2).text(1) == "filled"
