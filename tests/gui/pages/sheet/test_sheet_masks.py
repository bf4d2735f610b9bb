"""Masks on a sheet: those that a model proposes are seen, and accepted with the shapes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.projects.store import ActionKind, InstanceState
from landmark_annotator.projects.vocabulary import (
    Mask,
    MaskProvenance,
    Region,
    RegionMask,
    SchemeChange,
)

WHO = "somebody"
CLOTH, TAIL = Region("cloth", "#0000ff"), Region("tail", "#00ff00")
BLOCK = Mask.of(np.ones((30, 30), dtype=np.bool_), 40, 40)
FAR = Mask.of(np.ones((6, 6), dtype=np.bool_), 0, 0)


@pytest.fixture
def hands(make_project, open_window):
    """Kites with proposed masks; of the first somebody has drawn the tail."""
    project = make_project(labelled=4, untouched=8)
    change = SchemeChange.none(project.scheme).add_region(CLOTH).add_region(TAIL)
    project.change_scheme(change, who="lead")
    waiting = [r.id for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    for number in waiting:
        project.store_mask_proposal(number, {"cloth": BLOCK, "tail": FAR}, model="m")
    drawn = {"tail": RegionMask(BLOCK)}
    project.set_masks(waiting[0], drawn, title="brush", who=WHO)
    preferences = Preferences(sheet_size=6, sheet_order="project", sheet_seconds=0.0)
    hands = open_window(project, preferences=preferences)
    hands.window.pages.turn_to("sheet")
    page = hands.window.pages.page("sheet")
    hands.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    hands.qtbot.waitUntil(lambda: page.parts.accept.isEnabled(), timeout=20_000)
    hands.page = page
    return hands


def cell_of(hands, instance_id: int):
    return next(cell for cell in hands.page.cells if cell.instance_id == instance_id)


def test_proposed_masks_are_painted_and_seen_whole(hands):
    cell = hands.page.cells[-1]
    canvas = cell.canvas
    place = canvas.scene.viewport.to_screen(np.array([55.0, 55.0]))
    before = canvas.grab().toImage().pixelColor(*(round(float(v)) for v in place))
    canvas.masks.shown = False
    canvas.update()
    without = canvas.grab().toImage().pixelColor(*(round(float(v)) for v in place))
    assert before.blue() - without.blue() > before.red() - without.red()
    corner = canvas.scene.viewport.to_screen(np.array([0.0, 0.0]))
    assert (corner >= 0).all()
    # The photograph is there as far as the masks reach, and not around the box alone.
    area = hands.page.preparation.seen(cell.instance_id).pyramid.area
    assert area.left() <= 0
    assert area.top() <= 0


def test_they_are_accepted_with_the_shapes_and_taken_back_with_them(hands):
    project = hands.window.project
    shown = [cell.instance_id for cell in hands.page.cells]
    QTest.keyClick(hands.window.focusWidget(), Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: any(e.kind is ActionKind.SHEET for e in hands.entries))
    for number in shown:
        masks = project.masks(number)
        drawn = masks["tail"].provenance is MaskProvenance.DRAWN
        assert masks["cloth"].provenance is MaskProvenance.ACCEPTED
        assert masks["cloth"].mask == (BLOCK - masks["tail"].mask if drawn else BLOCK)
    project.undo(WHO)
    assert [set(project.masks(number)) for number in shown] == [{"tail"}, *[set()] * 5]
