"""Masks of regions by hand: each gesture, and what is stored and undone of it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import ONLY_SHOWN, Phase
from landmark_annotator.annotator.session.labelling import region_clicks
from landmark_annotator.annotator.session.labelling.region_clicks import answered
from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.vocabulary import Mask, MaskProvenance, Region
from tests.gui.conftest import KITE

REGIONS = (Region("cloth"), Region("frame"), Region("bow", overlaps=True))
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hands(open_window, make_project):
    """A window on a project whose scheme has regions; the first object has a box and no label."""
    hands = open_window(make_project(0, 1, scheme=replace(KITE, regions=REGIONS)))
    hands.qtbot.waitUntil(lambda: hands.canvas.scene.image_size is not None, timeout=20_000)
    return hands


@pytest.fixture
def hands_at_a_box(open_window, make_project):
    """At an object with a proposal."""
    hands = open_window(make_project(12, 1, scheme=replace(KITE, regions=REGIONS)))
    hands.wait_for()
    return hands


def take(hands, key: Qt.Key) -> None:
    hands.window.actions_by_name[
        {Qt.Key.Key_B: "brush", Qt.Key.Key_E: "eraser", Qt.Key.Key_P: "polygon",
         Qt.Key.Key_F: "fill_region", Qt.Key.Key_C: "say_region"}[key]
    ].trigger()  # fmt: skip


def masks(hands) -> dict[str, Mask]:
    found = hands.window.project.masks(hands.open_id)
    return {name: one.mask for name, one in found.items()}


def test_a_stroke_is_one_step_and_undone_as_one(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((60, 60), (110, 90))

    assert list(masks(hands)) == ["cloth"]
    assert masks(hands)["cloth"].holds(85, 75)
    [entry] = [entry for entry in hands.entries if entry.kind is ActionKind.MASK]
    assert entry.title == "stroke of cloth"
    assert hands.canvas.masks.masks == masks(hands)
    assert not hands.window.project.shape(hands.open_id).known.any()

    hands.window.actions_by_name["undo"].trigger()
    assert masks(hands) == {}
    assert hands.canvas.masks.masks == {}
    hands.window.actions_by_name["redo"].trigger()
    assert masks(hands)["cloth"].holds(85, 75)


def test_alt_erases_with_the_brush_and_the_eraser_erases(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((60, 60), (110, 60))
    place = hands.at(85, 60)
    QTest.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, ALT, place)
    assert not masks(hands)["cloth"].holds(85, 60)
    assert masks(hands)["cloth"].holds(60, 60)

    take(hands, Qt.Key.Key_E)
    hands.click(60, 60)
    assert not masks(hands)["cloth"].holds(60, 60)


def test_number_keys_choose_the_region_and_a_pixel_belongs_to_one(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((60, 60), (110, 60))
    hands.key(Qt.Key.Key_2)
    hands.click(85, 60)

    assert not masks(hands)["cloth"].holds(85, 60)
    assert masks(hands)["frame"].holds(85, 60)
    hands.window.label_page.landmarks.regions.chosen.emit("bow")
    hands.click(85, 60)
    assert masks(hands)["frame"].holds(85, 60)
    assert masks(hands)["bow"].holds(85, 60)


def test_a_polygon_is_closed_by_enter_which_accepts_nothing(hands):
    take(hands, Qt.Key.Key_P)
    for corner in ((60, 60), (120, 60), (120, 110), (60, 110)):
        hands.click(*corner)
    assert masks(hands) == {}
    hands.window.actions_by_name["accept"].trigger()

    drawn = masks(hands)["cloth"]
    assert drawn.holds(90, 85)
    assert drawn.area == pytest.approx(60 * 50, rel=0.1)


def test_undo_takes_back_the_last_corner_of_an_open_polygon_and_nothing_that_is_stored(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((130, 130), (150, 130))
    stored = masks(hands)
    take(hands, Qt.Key.Key_P)
    for corner in ((60, 60), (120, 60), (170, 20)):
        hands.click(*corner)
    hands.window.actions_by_name["undo"].trigger()
    assert masks(hands) == stored
    for corner in ((120, 110), (60, 110)):
        hands.click(*corner)
    hands.window.actions_by_name["accept"].trigger()

    drawn = masks(hands)["cloth"] - stored["cloth"]
    assert drawn.area == pytest.approx(60 * 50, rel=0.1)


def test_undo_takes_back_what_was_dragged_of_an_open_polygon_as_one(hands):
    take(hands, Qt.Key.Key_P)
    hands.click(60, 60)
    hands.click(120, 60)
    hands.drag((150, 40), (170, 150))
    hands.window.actions_by_name["undo"].trigger()
    for corner in ((120, 110), (60, 110)):
        hands.click(*corner)
    hands.window.actions_by_name["accept"].trigger()

    assert masks(hands)["cloth"].area == pytest.approx(60 * 50, rel=0.1)


def test_a_polygon_of_two_corners_is_not_dropped_by_enter(hands):
    take(hands, Qt.Key.Key_P)
    hands.click(60, 60)
    hands.click(120, 60)
    hands.window.actions_by_name["accept"].trigger()
    assert "three corners" in hands.window.messages.banner.text.text()
    hands.click(120, 110)
    hands.window.actions_by_name["accept"].trigger()

    assert masks(hands)["cloth"].holds(110, 70)


def test_escape_drops_an_open_polygon_and_then_the_tool(hands):
    take(hands, Qt.Key.Key_P)
    hands.click(60, 60)
    hands.key(Qt.Key.Key_Escape)
    assert hands.canvas.gestures.masks.kind is not None
    hands.key(Qt.Key.Key_Escape)
    assert hands.canvas.gestures.masks.kind is None
    assert masks(hands) == {}


def test_a_fill_takes_the_hole_else_the_colour(hands):
    take(hands, Qt.Key.Key_F)
    hands.click(90, 90)  # a tile of 20 by 20 pixels of one colour
    assert masks(hands)["cloth"] == Mask.of(np.ones((20, 20), dtype=bool), 80, 80)

    take(hands, Qt.Key.Key_P)
    for corner in ((20, 20), (70, 20), (70, 70), (20, 70)):
        hands.click(*corner)
    hands.window.actions_by_name["accept"].trigger()
    take(hands, Qt.Key.Key_E)
    hands.click(45, 45)
    assert not masks(hands)["cloth"].holds(45, 45)
    take(hands, Qt.Key.Key_F)
    hands.click(45, 45)
    assert masks(hands)["cloth"].holds(45, 45)


def test_a_click_says_what_belongs_to_the_region(hands):
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    hands.qtbot.waitUntil(lambda: "cloth" in masks(hands), timeout=20_000)

    assert masks(hands)["cloth"].holds(90, 90)
    assert hands.entries[-1].title == "click on cloth"
    before = masks(hands)["cloth"]
    QTest.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, ALT, hands.at(90, 90))
    hands.qtbot.waitUntil(lambda: masks(hands)["cloth"] != before, timeout=20_000)
    assert not masks(hands)["cloth"].holds(90, 90)


def test_a_click_that_is_undone_is_told_no_more(hands, monkeypatch):
    told = []

    def heard(question, model):
        told.append([(click.x, click.y) for click in question.clicks])
        return answered(question, model)

    monkeypatch.setattr(region_clicks, "answered", heard)
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    hands.qtbot.waitUntil(lambda: "cloth" in masks(hands), timeout=20_000)
    hands.window.actions_by_name["undo"].trigger()
    assert "cloth" not in masks(hands)
    hands.click(30, 30)
    hands.qtbot.waitUntil(lambda: "cloth" in masks(hands), timeout=20_000)

    assert [len(each) for each in told] == [1, 1]


def test_a_proposal_is_shown_and_accepted_with_the_shape(make_project, open_window):
    project = make_project(12, 2, scheme=replace(KITE, regions=REGIONS), name="proposed")
    waiting = project.queue()[0].instance_id
    proposed = Mask.of(np.ones((30, 30), dtype=bool), 100, 80)
    project.store_mask_proposal(waiting, {"frame": proposed}, model="somebody's")
    hands = open_window(project)
    hands.wait_for()
    assert hands.open_id == waiting
    assert hands.canvas.masks.masks == {"frame": proposed}
    hands.qtbot.waitUntil(lambda: hands.window.label_page.acceptance.sees(waiting), timeout=20_000)
    hands.window.actions_by_name["accept"].trigger()

    found = project.masks(waiting)
    assert found["frame"].mask == proposed
    assert found["frame"].provenance is MaskProvenance.ACCEPTED


def test_a_turned_and_zoomed_view_draws_where_the_hand_is(hands):
    hands.window.actions_by_name["turn_right"].trigger()
    hands.wheel(100, 80, 3)
    take(hands, Qt.Key.Key_B)
    x, y = hands.click(100, 80)

    left, top, width, height = masks(hands)["cloth"].bounds
    assert (left + (width - 1) / 2, top + (height - 1) / 2) == pytest.approx((x, y), abs=1.1)


def test_a_scheme_without_regions_says_how_to_name_some(open_window, make_project):
    hands = open_window(make_project(0, 1))
    take(hands, Qt.Key.Key_B)

    assert hands.canvas.gestures.masks.kind is None
    assert not hands.window.label_page.landmarks.regions.isVisible()


def test_the_line_below_says_what_a_tool_for_masks_waits_for(hands):
    before = hands.window.status.prompt.text()
    take(hands, Qt.Key.Key_C)
    assert "belongs to cloth" in hands.window.status.prompt.text()
    hands.window.label_page.regions.choose("bow")
    assert "belongs to bow" in hands.window.status.prompt.text()
    hands.key(Qt.Key.Key_Escape)
    assert hands.window.status.prompt.text() == before


def test_what_is_said_of_a_region_is_not_cut(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((60, 60), (110, 90))
    hands.window.actions_by_name["region_not_seen"].trigger()
    tree = hands.window.label_page.landmarks.regions.tree
    assert tree.topLevelItem(0).text(1) == "not seen"
    assert tree.sizeHintForColumn(1) <= tree.columnWidth(1)


@pytest.mark.parametrize("place", [(-6, 60), (120, -6), (246, 100), (120, 206)])
def test_a_click_beside_the_photograph_says_nothing_of_a_region(hands, place, recwarn):
    take(hands, Qt.Key.Key_C)
    hands.click(*place)
    hands.qtbot.wait(300)
    assert masks(hands) == {}
    assert hands.entries == []
    assert not [one for one in recwarn if one.category is RuntimeWarning]


def test_another_button_ends_no_stroke(hands):
    """A right button that was touched while drawing did, and the rest of the stroke was lost."""
    take(hands, Qt.Key.Key_B)
    hands.press(60, 60)
    hands.move(80, 60)
    hands.press(80, 60, Qt.MouseButton.RightButton)
    hands.release(80, 60, Qt.MouseButton.RightButton)
    hands.move(120, 60)
    hands.release(120, 60)
    assert masks(hands)["cloth"].holds(110, 60)
    assert len(hands.entries) == 1


def test_a_box_that_is_asked_for_is_what_a_drag_draws_and_what_is_said(open_window, make_project):
    """With the brush in hand the words were about masks, and the drag drew the box."""
    scheme = replace(KITE, regions=REGIONS)
    hands = open_window(make_project(0, 1, boxes=False, scheme=scheme))
    hands.wait_for(Phase.BOX)
    take(hands, Qt.Key.Key_B)
    assert hands.text.startswith("Draw a box")

    hands.drag((60, 40), (180, 160))
    assert masks(hands) == {}
    hands.qtbot.waitUntil(lambda: hands.text.startswith("Brush for cloth"), timeout=20_000)
    hands.drag((80, 60), (110, 90))
    assert list(masks(hands)) == ["cloth"]


def test_a_stroke_that_is_held_is_stored_before_another_image_opens(open_window, make_project):
    hands = open_window(make_project(0, 2, scheme=replace(KITE, regions=REGIONS)))
    hands.qtbot.waitUntil(lambda: hands.canvas.scene.image_size is not None, timeout=20_000)
    first = hands.open_id
    take(hands, Qt.Key.Key_B)
    hands.press(60, 60)
    hands.move(110, 90)
    hands.key(Qt.Key.Key_PageDown)
    hands.release(110, 90)
    assert hands.open_id != first
    assert hands.window.project.masks(first)["cloth"].mask.holds(85, 75)
    assert masks(hands) == {}


def test_undo_of_a_stroke_that_is_held_takes_nothing_before_it_back(hands):
    take(hands, Qt.Key.Key_B)
    hands.drag((130, 130), (150, 130))
    before = masks(hands)
    hands.press(60, 60)
    hands.move(110, 90)
    hands.window.actions_by_name["undo"].trigger()
    hands.release(110, 90)
    assert masks(hands) == before


def test_a_polygon_that_is_open_is_not_lost_without_a_word(open_window, make_project):
    hands = open_window(make_project(0, 2, scheme=replace(KITE, regions=REGIONS)))
    hands.qtbot.waitUntil(lambda: hands.canvas.scene.image_size is not None, timeout=20_000)
    first = hands.open_id
    take(hands, Qt.Key.Key_P)
    for corner in ((60, 60), (120, 60), (120, 110)):
        hands.click(*corner)
    hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id != first
    said = hands.window.messages.banner
    hands.qtbot.waitUntil(lambda: "The open polygon for cloth was dropped" in said.text.text())


@pytest.mark.parametrize("key", ["clear_region", "region_not_seen"])
def test_a_frame_that_is_only_shown_says_why_nothing_is_said_of_its_regions(hands, key):
    hands.window.controller.away = True
    hands.window.actions_by_name[key].trigger()
    assert ONLY_SHOWN in hands.window.messages.banner.text.text()


def test_a_stroke_that_is_held_is_drawn_before_another_tool_is_taken(hands):
    take(hands, Qt.Key.Key_B)
    hands.press(60, 60)
    hands.move(110, 60)
    take(hands, Qt.Key.Key_E)
    hands.release(110, 60)
    assert masks(hands)["cloth"].holds(85, 60)


def test_a_stroke_ends_with_its_button_though_a_box_is_asked_for_meanwhile(hands_at_a_box):
    hands = hands_at_a_box
    take(hands, Qt.Key.Key_B)
    hands.press(60, 60)
    hands.move(110, 60)
    hands.key(Qt.Key.Key_B)
    hands.release(110, 60)
    assert masks(hands)["cloth"].holds(85, 60)
    assert not hands.canvas.gestures.busy


def test_a_point_that_is_held_is_let_go_though_a_tool_for_masks_was_taken(hands_at_a_box):
    hands = hands_at_a_box
    taken = (hands.window.controller.asked + 1) % 6
    x, y = hands.points[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    take(hands, Qt.Key.Key_B)
    hands.release(x + 8, y + 5)
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.points[taken] == pytest.approx((x + 8, y + 5), abs=pixel)
    assert not hands.canvas.gestures.busy
