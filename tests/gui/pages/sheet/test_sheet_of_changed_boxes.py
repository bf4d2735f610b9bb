"""A box that is changed on the label page: the sheet proposes for it anew."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from tests.gui.pages.sheet.test_sheet_page import CONTROL, Sheet, preferences


@pytest.fixture
def sheet(make_project, open_window) -> Sheet:
    return Sheet(open_window(make_project(labelled=8, untouched=4), preferences=preferences()))


def test_what_was_proposed_for_the_box_before_is_shown_no_more(sheet):
    sheet.go_to(1)
    instance_id, before = sheet.shown[1], sheet.page.cells[1].view.shape.points.copy()
    sheet.key(Qt.Key.Key_Return, CONTROL)
    sheet.hands.wait_for(Phase.READY)
    box = sheet.project.instance(instance_id).box
    sheet.window.controller.set_box(replace(box, centre_x=box.centre_x + 30))
    sheet.hands.wait_for(Phase.READY)
    sheet.window.pages.turn_to("sheet")
    sheet.wait()
    place = sheet.shown.index(instance_id)
    after = sheet.page.cells[place].view.shape.points
    assert np.linalg.norm(after - before, axis=1).mean() > 5
