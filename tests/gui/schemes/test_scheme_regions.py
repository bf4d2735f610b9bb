"""The regions of a scheme are edited beside its landmarks, as steps of the same draft."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Mask, Region, RegionMask, SchemeChange
from landmark_annotator.projects.vocabulary.region import region_set
from tests.gui.schemes.conftest import LEFT, NONE

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
BLADE, VEIN = Region("blade"), Region("vein", "#d55e00")


@pytest.fixture
def project(make_project) -> Project:
    """Two regions, and a mask of the first of them."""
    project = make_project(labelled=3, untouched=1)
    change = SchemeChange.none(project.scheme).add_region(BLADE).add_region(VEIN)
    project.change_scheme(change, who="lead")
    mask = RegionMask(Mask.of(np.ones((4, 5), dtype=np.bool_)))
    project.set_masks(project.instances()[0].id, {"blade": mask}, title="brush", who="lead")
    return project


@pytest.fixture
def dialog(dialog) -> ChangeSchemeDialog:
    dialog.editor.tabs.setCurrentWidget(dialog.editor.regions)
    return dialog


def regions(dialog) -> tuple[Region, ...]:
    return dialog.draft.scheme.regions


def key(dialog, key: Qt.Key, modifier=NONE) -> None:
    QTest.keyClick(dialog.editor.regions.table, key, modifier)


def write(dialog, name: str) -> None:
    editor = dialog.editor.regions.table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_region_is_added_and_named_at_once(dialog):
    dialog.editor.regions.table.setFocus()
    key(dialog, Qt.Key.Key_Insert)
    write(dialog, "drop")
    assert regions(dialog) == (BLADE, VEIN, Region("drop"))
    assert "New region: drop." in dialog.said.text()


def test_another_name_keeps_the_masks(dialog):
    dialog.editor.regions.table.select(0)
    dialog.editor.regions.table.setFocus()
    key(dialog, Qt.Key.Key_F2)
    write(dialog, "lamina")
    assert dialog.draft.change.regions_of == (0, 1)
    assert dialog.said.text() == "Renamed region: blade to lamina. Every label stays as it is."


def test_a_name_that_another_region_has_is_refused(dialog):
    model = dialog.editor.regions.table.regions
    assert not model.setData(model.index(0, 1), "vein")
    assert regions(dialog) == (BLADE, VEIN)
    assert "vein" in dialog.problem.text.text()


def test_delete_says_how_many_masks_are_hidden_and_leaves_landmarks_alone(dialog, project):
    dialog.editor.table.select([0])
    dialog.editor.regions.table.select(0)
    dialog.editor.regions.table.setFocus()
    key(dialog, Qt.Key.Key_Delete)
    assert regions(dialog) == (VEIN,)
    assert dialog.draft.scheme.landmarks == project.scheme.landmarks
    assert "1 mask will be hidden (1 of blade); undo brings them back." in dialog.said.text()


def test_alt_and_arrows_order_the_regions(dialog):
    dialog.editor.regions.table.select(0)
    dialog.editor.regions.table.setFocus()
    key(dialog, Qt.Key.Key_Down, ALT)
    assert dialog.draft.change.regions_of == (1, 0)
    assert dialog.editor.regions.table.chosen == (1,)


def test_a_tick_lets_a_region_lie_on_others(dialog):
    table = dialog.editor.regions.table
    rectangle = table.visualRect(table.regions.index(0, 2))
    place = rectangle.center()
    place.setX(rectangle.left() + 10)
    QTest.mouseClick(table.viewport(), LEFT, NONE, place)
    assert regions(dialog)[0] == Region("blade", overlaps=True)


def test_a_colour_is_chosen_and_taken_back(dialog):
    dialog.editor.regions.table.select(1)
    for wanted, colour in (("Blue", "#0072b2"), ("The usual one", "")):
        dialog.editor.regions.buttons["colour"].click()
        menu = next(
            w for w in QApplication.topLevelWidgets() if w.inherits("QMenu") and w.isVisible()
        )
        next(action for action in menu.actions() if action.text() == wanted).trigger()
        menu.close()
        assert regions(dialog)[1].colour == colour


def test_regions_that_are_built_in_come_beside_those_there_as_one_step(dialog):
    dialog.editor.regions.take(region_set("face_parts"))
    assert [region.name for region in regions(dialog)[:2]] == ["blade", "vein"]
    assert regions(dialog)[2:] == region_set("face_parts")
    QTest.keyClick(dialog.editor.regions.table, Qt.Key.Key_Z, CTRL)
    assert regions(dialog) == (BLADE, VEIN)


def test_clicks_on_the_picture_add_no_landmark_behind_the_list_of_regions(dialog, project):
    QTest.mouseClick(dialog.editor.picture, LEFT)
    assert dialog.draft.scheme.landmarks == project.scheme.landmarks


def test_ok_makes_one_step_that_undo_takes_back_with_the_masks(dialog, project, qtbot):
    dialog.editor.regions.table.select(0)
    dialog.editor.regions.remove()
    with qtbot.waitSignal(dialog.done_change):
        QTest.mouseClick(dialog.ok, LEFT)
    with Project.open(project.folder) as other:
        assert other.scheme.regions == (VEIN,)
        other.undo("lead")
        assert other.mask_counts() == {"blade": 1, "vein": 0}
