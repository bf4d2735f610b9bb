"""Two people made different shapes of one object: the reviewer sees both and chooses one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import Conflict

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def disputed(make_project) -> tuple[Project, int, Shape]:
    """Bob has moved a landmark of an accepted kite, and ann meanwhile accepted it otherwise."""
    project = make_project(labelled=3, untouched=0)
    instance_id = project.instances()[0].id
    seen = project.revision(instance_id)
    shape = project.shape(instance_id)
    anns = Shape(shape.points + 3.0, shape.visibility, shape.provenance)
    project.place(instance_id, 0, (60.0, 50.0), who="bob")
    with pytest.raises(Conflict):
        project.accept(instance_id, anns, who="ann", seen=seen)
    return project, instance_id, anns


@pytest.fixture
def page(disputed, open_window):
    hands = open_window(disputed[0])
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.painted)
    return page


def test_both_are_shown_and_the_one_that_is_chosen_is_the_shape(disputed, page):
    project, instance_id, anns = disputed
    # Before all others, however odd those look.
    assert page.seen.record.id == instance_id
    assert "ann's" in page.beside.text.text()
    QTest.keyClick(page.canvas, Qt.Key.Key_V)
    assert page.canvas.scene.marks.points[0].tolist() == pytest.approx(anns.points[0].tolist())
    QTest.keyClick(page.canvas, Qt.Key.Key_V, SHIFT)
    assert project.shape(instance_id).points == pytest.approx(anns.points)
    assert project.kept_beside() == []
    assert page.beside.isHidden()
    assert page.seen.record.id == instance_id  # it is still to be judged


def test_the_stored_one_can_be_kept(disputed, page):
    project, instance_id, _ = disputed
    QTest.keyClick(page.canvas, Qt.Key.Key_V, SHIFT)
    assert project.shape(instance_id).points[0].tolist() == [60.0, 50.0]
    assert project.kept_beside() == []


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, SHIFT])
def test_where_there_is_one_shape_alone_the_keys_say_so(make_project, open_window, modifier):
    hands = open_window(make_project())
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.painted)
    assert not page.seen.beside
    QTest.keyClick(page.canvas, Qt.Key.Key_V, modifier)
    assert "Nobody has made another shape" in hands.window.messages.banner.text.text()
