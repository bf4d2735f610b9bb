"""A click is seen at once, before the disk has it; where storing fails, it is taken back."""

import numpy as np
import pytest

from landmark_annotator.projects.vocabulary.errors import DiskFull


def test_the_canvas_is_painted_with_the_others_moved_before_anything_is_stored(hands, monkeypatch):
    seen = []
    project, canvas = hands.window.project, hands.canvas
    store = project.place

    def place(*told, **named):
        seen.append(canvas.scene.marks)
        return store(*told, **named)

    monkeypatch.setattr(project, "place", place)
    before = hands.points.copy()
    hands.click(*hands.free_place())
    (foreseen,) = seen
    assert not np.allclose(foreseen.points, before)
    np.testing.assert_allclose(foreseen.points, hands.points)
    assert foreseen.asked == hands.window.controller.asked


def test_what_could_not_be_stored_is_taken_back_and_told(hands, monkeypatch):
    def refuse(*told, **named):
        raise DiskFull("The disk is full.")

    before, asked = hands.points.copy(), hands.window.controller.asked
    monkeypatch.setattr(hands.window.project, "place", refuse)
    hands.click(*hands.free_place())
    np.testing.assert_allclose(hands.points, before)
    np.testing.assert_allclose(hands.canvas.scene.marks.points, before)
    assert hands.window.controller.asked == asked
    assert "The disk is full" in hands.window.messages.banner.text.text()


def test_what_is_stored_is_what_was_foreseen(hands):
    place = hands.click(*hands.free_place())
    (entry,) = hands.entries
    assert hands.window.project.shape(hands.open_id).points[entry.landmark] == pytest.approx(place)
    assert entry.to == pytest.approx(place)
