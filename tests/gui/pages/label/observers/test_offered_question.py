"""The landmark that the model asks for is an offer: a click elsewhere may be meant for another."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt


@pytest.fixture
def elsewhere(hands):
    """A place beside the landmark farthest from the one asked for, and that landmark."""
    hands.key(Qt.Key.Key_F)
    asked, points = hands.window.controller.asked, hands.points
    other = int(np.argmax(np.linalg.norm(points - points[asked], axis=1)))
    away = points[other] - points[asked]
    step = 16 / hands.canvas.scene.viewport.scale
    return tuple(points[other] + step * away / np.linalg.norm(away)), other, asked


def test_a_click_beside_another_point_far_from_the_asked_one_places_that(hands, elsewhere):
    place, other, _ = elsewhere
    said = hands.click(*place)
    assert [entry.landmark for entry in hands.entries] == [other]
    assert hands.points[other] == pytest.approx(said)


def test_what_would_take_the_click_is_named_before_it(hands, elsewhere):
    place, other, _ = elsewhere
    hands.canvas.scene.hover(QPointF(hands.at(*place)))
    assert hands.canvas.scene.marks.hovered == other


def test_near_the_asked_one_every_click_is_for_it(hands, elsewhere):
    _, _, asked = elsewhere
    hands.click(*hands.free_place())
    assert [entry.landmark for entry in hands.entries] == [asked]


def test_far_from_all_points_a_click_is_for_the_asked_one(hands, elsewhere):
    _, _, asked = elsewhere
    hands.key(Qt.Key.Key_0)
    hands.click(4, 4)
    assert [entry.landmark for entry in hands.entries] == [asked]


def test_with_shift_the_asked_one_is_placed_anywhere(hands, elsewhere):
    place, _, asked = elsewhere
    hands.click(*place, Qt.KeyboardModifier.ShiftModifier)
    assert [entry.landmark for entry in hands.entries] == [asked]


def test_a_landmark_that_a_person_has_chosen_is_no_offer(hands, elsewhere):
    place, _, asked = elsewhere
    hands.key(Qt.Key.Key_Tab)
    chosen = hands.window.controller.asked
    assert chosen != asked
    hands.click(*place)
    assert [entry.landmark for entry in hands.entries] == [chosen]


def test_what_a_person_has_placed_takes_no_click_beside_it(hands, elsewhere):
    place, other, _ = elsewhere
    hands.click(*place)
    step = 16 / hands.canvas.scene.viewport.scale
    hands.click(*(hands.points[other] + (step, step)))
    first, second = [entry.landmark for entry in hands.entries]
    assert first == other
    assert second != other
