"""The sheet: many proposals at one look, mended where they are wrong, accepted together."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.canvas.geometry.viewport import box_corners
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.sheet.sentences import Standing
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.projects.store import ActionKind, InstanceState, Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape, Visibility
from tests.gui.suggested import PROBABLE, suggest

CONTROL = Qt.KeyboardModifier.ControlModifier


class Sheet:
    def __init__(self, hands) -> None:
        self.hands = hands
        self.window, self.project = hands.window, hands.window.project
        self.window.pages.turn_to("sheet")
        self.page = hands.window.pages.page("sheet")
        self.wait()

    def wait(self) -> None:
        self.hands.qtbot.waitUntil(lambda: self.page.settled, timeout=60_000)
        ready = [c for c in self.page.cells if self.page._standing(c) is Standing.READY]
        self.hands.qtbot.waitUntil(
            lambda: all(cell._drawn is not None for cell in ready), timeout=60_000
        )

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget(), key, modifier)

    def go_to(self, place: int) -> None:
        """The keyboard is in this cell."""
        self.page.cells[place].setFocus()
        self.hands.qtbot.waitUntil(self.page.cells[place].canvas.hasFocus)

    def at(self, place: int, x: float, y: float) -> QPoint:
        there = self.page.cells[place].canvas.scene.viewport.to_screen(np.array([x, y]))
        return QPoint(*(round(float(v)) for v in there))

    def drag(self, place: int, landmark: int, by: tuple[float, float]) -> None:
        canvas = self.page.cells[place].canvas
        x, y = self.page.cells[place].view.shape.points[landmark]
        start, end = self.at(place, x, y), self.at(place, x + by[0], y + by[1])
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas, (start + end) / 2)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)

    @property
    def shown(self) -> list[int]:
        return [cell.instance_id for cell in self.page.cells]

    @property
    def accepted(self) -> set[int]:
        """By this person."""
        return {e.instance_id for e in self.hands.entries if e.kind is ActionKind.SHEET} & {
            r.id for r in self.project.instances() if r.state is InstanceState.ACCEPTED
        }


def preferences(seconds: float = 0.0) -> Preferences:
    return Preferences(sheet_size=6, sheet_order="project", sheet_seconds=seconds)


@pytest.fixture
def sheet(make_project, open_window) -> Sheet:
    """Fourteen kites to look at, six at a time."""
    return Sheet(open_window(make_project(labelled=4, untouched=14), preferences=preferences()))


def test_enter_accepts_all_that_are_shown_and_the_next_are_ready(sheet):
    first = sheet.shown
    seen = {cell.instance_id: cell.view.shape.points for cell in sheet.page.cells}
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == set(first)
    assert len(first) == 6
    for instance_id, points in seen.items():
        assert np.allclose(sheet.project.shape(instance_id).points, points)
    assert not set(sheet.shown) & set(first)
    assert all(cell.canvas.scene.marks is not None for cell in sheet.page.cells)


def test_one_undo_takes_the_sheet_back_and_shows_it_again(sheet):
    first = sheet.shown
    sheet.key(Qt.Key.Key_Return)
    sheet.wait()
    sheet.key(Qt.Key.Key_Z, CONTROL)
    assert sheet.accepted == set()
    assert sheet.shown == first
    assert all(cell.canvas.scene.image_size is not None for cell in sheet.page.cells)


def test_it_turns_to_nothing_where_somebody_else_is_at_work(sheet):
    before = sheet.shown[0]
    sheet.key(Qt.Key.Key_Return)
    sheet.wait()
    following = sheet.shown
    assert before not in following
    sheet.project.review(before, Verdict.SENT_BACK, "the tail", who="lea")
    sheet.page._context.changed(Change(Kind.STORED, frozenset({before}), by_others=True))
    sheet.wait()
    assert sheet.shown == following


def test_objects_that_were_found_fill_up_a_sheet_with_room(make_project, open_window):
    project = make_project(labelled=4, untouched=3)
    sheet = Sheet(open_window(project, preferences=preferences()))
    first, image = sheet.shown, project.images()[0]
    assert len(first) == 3
    found = project.add_instance(image.id, Box.square_around(np.eye(2) * 60), who="ada").id
    sheet.page._context.changed(Change(Kind.LIST))
    sheet.wait()
    assert sheet.shown == [*first, found]


def test_what_finds_the_objects_of_images_without_any_is_named(make_project, open_window):
    project = make_project(labelled=4, untouched=3, boxes=False)
    sheet = Sheet(open_window(project, preferences=preferences()))
    sheet.hands.qtbot.waitUntil(lambda: "3 without a box" in sheet.page.parts.count.toolTip())
    assert "Ctrl+P looks for the objects" in sheet.page.parts.count.toolTip()


def test_nothing_is_accepted_before_it_was_looked_at(make_project, open_window):
    sheet = Sheet(
        open_window(make_project(labelled=4, untouched=6), preferences=preferences(1000.0))
    )
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == set()
    assert not sheet.page.parts.accept.isEnabled()
    assert "Look at all 6" in sheet.hands.text


def test_a_shape_that_changes_is_to_be_looked_at_anew(sheet):
    cell = sheet.page.cells[1]
    before = cell._drawn
    sheet.drag(1, 0, (8.0, 0.0))
    assert cell._drawn is before
    assert cell.drawn_for(cell.view) == 0.0
    sheet.hands.qtbot.waitUntil(lambda: cell._drawn is not before)
    assert cell._drawn.view is cell.view


def test_a_drag_mends_one_shape_and_the_rest_of_it_follows(sheet):
    instance_id, others = sheet.shown[2], sheet.shown[:2]
    before = sheet.page.cells[2].view.shape.points
    sheet.drag(2, 0, (9.0, -3.0))
    after = sheet.page.cells[2].view.shape.points
    assert np.allclose(after[0] - before[0], (9.0, -3.0), atol=0.5)
    assert (np.abs(after[1:] - before[1:]).max(axis=1) > 0).all()
    [entry] = sheet.hands.entries
    assert (entry.kind, entry.instance_id, entry.landmark) == (ActionKind.CLICK, instance_id, 0)
    assert all(not sheet.project.shape(i).known.any() for i in others)
    sheet.wait()
    sheet.key(Qt.Key.Key_Return)
    marks = sheet.project.shape(instance_id).provenance
    assert marks == (Provenance.CLICKED, *[Provenance.INFERRED] * 5)


def test_a_point_that_the_mouse_still_holds_is_mended_before_enter_accepts(sheet):
    """Hands that are quick press Enter before the button is up."""
    instance_id, canvas = sheet.shown[2], sheet.page.cells[2].canvas
    x, y = sheet.page.cells[2].view.shape.points[0]
    start, end = sheet.at(2, x, y), sheet.at(2, x + 9, y - 3)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    sheet.key(Qt.Key.Key_Return)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    sheet.wait()
    if instance_id in sheet.shown:  # it looks otherwise than what was looked at
        sheet.key(Qt.Key.Key_Return)
    assert instance_id in sheet.accepted
    stored = sheet.project.shape(instance_id)
    assert stored.points[0] == pytest.approx((x + 9, y - 3), abs=0.5)
    assert stored.provenance[0] is Provenance.CLICKED


def test_a_click_beside_a_point_puts_it_there(sheet):
    cell = sheet.page.cells[0]
    x, y = cell.view.shape.points[5]  # the tail, with nothing below it
    place = sheet.at(0, x, y) + QPoint(0, 11)
    QTest.mouseClick(cell.canvas, Qt.MouseButton.LeftButton, pos=place)
    [entry] = sheet.hands.entries
    assert entry.landmark == 5
    assert entry.to[1] > y


def test_delete_takes_back_what_was_done_to_one_alone(sheet):
    for place in (0, 1):
        sheet.drag(place, 0, (8.0, 0.0))
    sheet.go_to(0)
    sheet.key(Qt.Key.Key_Delete)
    assert not sheet.project.shape(sheet.shown[0]).known.any()
    assert sheet.project.shape(sheet.shown[1]).known[0]


def test_what_is_left_out_is_not_accepted_and_comes_again(sheet):
    first = sheet.shown
    sheet.go_to(3)
    sheet.key(Qt.Key.Key_Backspace)
    assert "left out" in sheet.page.cells[3].caption.toolTip()
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == set(first) - {first[3]}
    for _ in range(2):
        sheet.wait()
        sheet.key(Qt.Key.Key_Return)
    sheet.wait()
    assert sheet.shown == [first[3]]


def test_page_down_leaves_all_for_later_and_page_up_comes_back(sheet):
    first = sheet.shown
    sheet.key(Qt.Key.Key_PageDown)
    second = sheet.shown
    sheet.key(Qt.Key.Key_PageUp)
    assert sheet.shown == first
    assert not set(first) & set(second)
    assert sheet.hands.entries == []


def test_one_is_opened_in_full_and_once_accepted_the_sheet_is_back(sheet):
    opened = sheet.shown[1]
    sheet.go_to(1)
    sheet.key(Qt.Key.Key_Return, CONTROL)
    assert sheet.window.pages.name == "label"
    sheet.hands.wait_for()
    # Nothing is accepted there either that was not painted.
    acceptance = sheet.window.label_page.acceptance
    sheet.hands.qtbot.waitUntil(lambda: acceptance._seen == opened)
    sheet.hands.key(Qt.Key.Key_Return)
    sheet.hands.qtbot.waitUntil(lambda: sheet.window.pages.name == "sheet")
    sheet.wait()
    assert sheet.page.cells[1].caption.toolTip().startswith("\N{CHECK MARK} accepted")


def test_a_double_click_opens_and_places_nothing(sheet):
    cell = sheet.page.cells[0]
    x, y = cell.view.shape.points[5]
    place = sheet.at(0, x, y) + QPoint(0, 11)
    QTest.mouseClick(cell.canvas, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(cell.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert sheet.window.pages.name == "label"
    assert not sheet.project.shape(sheet.hands.open_id).known.any()


def test_a_photograph_that_is_gone_is_told_and_never_accepted(make_project, open_window):
    project = make_project(labelled=4, untouched=6)
    project.images()[2].path.unlink()
    sheet = Sheet(open_window(project, preferences=preferences()))
    gone = sheet.shown[2]
    assert "kites_02.png" in sheet.page.cells[2].canvas.failure.text()
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == set(sheet.hands.order[:6]) - {gone}


def test_no_model_is_made_where_there_is_nothing_to_look_at(make_project, open_window):
    """It took seconds, in which the label page's was made more slowly."""
    sheet = Sheet(open_window(make_project(labelled=4, untouched=3, boxes=False)))
    assert sheet.shown == []
    assert sheet.page.preparation.proposer is None
    assert not sheet.page.preparation._models_at_work.pending("proposer")
    with sheet.project.transaction():
        for number in sheet.hands.order[:3]:
            sheet.project.set_box(number, Box(120, 95, 100, 120), who="ada")
    sheet.hands.window.context.changed(Change(Kind.LIST))
    sheet.wait()
    assert len(sheet.shown) == 3
    assert sheet.page.preparation.proposer is not None


def test_where_nothing_is_proposed_enter_accepts_nothing(make_project, open_window):
    project = make_project(labelled=0, untouched=7)
    sheet = Sheet(open_window(project, preferences=preferences()))
    assert "nothing is proposed yet" in sheet.page.cells[0].caption.toolTip()
    sheet.key(Qt.Key.Key_Return)
    assert sheet.hands.entries == []


def test_a_project_that_can_only_be_looked_at_says_so(make_project, open_window):
    folder = make_project(labelled=4, untouched=7).folder
    with Project.open(folder, read_only=True) as project:
        sheet = Sheet(open_window(project, preferences=preferences()))
        first = sheet.shown
        sheet.key(Qt.Key.Key_Return)
        assert sheet.window.messages.banner.isVisible()
        assert sheet.shown == first
        sheet.window.close()


def test_size_and_order_are_kept(sheet):
    sheet.key(Qt.Key.Key_Minus)
    assert len(sheet.shown) == 12
    sheet.key(Qt.Key.Key_W)
    kept = sheet.window.preferences
    assert (kept.sheet_size, kept.sheet_order) == (12, "surest")


def test_a_click_on_its_cross_says_that_what_was_found_is_no_object(make_project, open_window):
    project = make_project(labelled=4, untouched=2, boxes=False)
    kites = {image.id: [Box(120, 95, 90, 130)] for image in project.images()[:2]}
    first, second = project.add_found(kites, who="somebody")
    sheet = Sheet(open_window(project, preferences=preferences()))
    cell = sheet.page.cells[sheet.shown.index(first)]
    place = sheet.at(sheet.shown.index(first), 165, 30)
    QTest.mouseClick(cell.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert sheet.project.instance(first).excluded is not None
    assert sheet.project.instance(second).excluded is None
    assert cell.canvas.scene.crosses == ()
    sheet.key(Qt.Key.Key_Z, CONTROL)
    assert sheet.project.instance(first).excluded is None


@pytest.fixture
def told(make_project, open_window, monkeypatch) -> Sheet:
    """Six kites at a time, two landmarks of each probably hidden."""
    suggest(monkeypatch)
    return Sheet(open_window(make_project(labelled=4, untouched=8), preferences=preferences()))


def _hidden(sheet, instance_id: int) -> set[int]:
    visibility = sheet.project.shape(instance_id).visibility
    return {j for j, one in enumerate(visibility) if one == Visibility.OCCLUDED}


def test_o_marks_what_is_probably_hidden_on_the_one_under_the_cursor(told):
    told.go_to(2)
    told.key(Qt.Key.Key_O)
    found = [_hidden(told, i) for i in told.shown]
    assert found == [PROBABLE if place == 2 else set() for place in range(6)]
    assert "2 marked as hidden" in told.page.cells[2].caption.text()
    told.key(Qt.Key.Key_O)
    assert not any(_hidden(told, i) for i in told.shown)


def test_shift_o_marks_it_on_all_but_those_left_out_and_undo_takes_all_of_it_back(told):
    told.go_to(0)
    told.key(Qt.Key.Key_Backspace)
    told.key(Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    expected = [set()] + [PROBABLE] * 5
    assert [_hidden(told, i) for i in told.shown] == expected
    told.key(Qt.Key.Key_Z, CONTROL)
    assert not any(_hidden(told, i) for i in told.shown)
    told.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert [_hidden(told, i) for i in told.shown] == expected


def test_what_is_marked_on_a_sheet_is_accepted_so(told):
    first = told.shown
    told.key(Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    told.wait()
    told.key(Qt.Key.Key_Return)
    assert told.accepted == set(first)
    assert [_hidden(told, i) for i in first] == [PROBABLE] * 6


def test_what_proposes_goes_on_being_said_while_the_sheet_looks_for_it_again(
    make_project, open_window
):
    hands = open_window(make_project(untouched=3))
    hands.wait_for()
    said = hands.window.status.model.text
    hands.qtbot.waitUntil(lambda: "proposes" in said())
    for page in (Qt.Key.Key_6, Qt.Key.Key_5):
        hands.key(page, Qt.KeyboardModifier.ControlModifier)
        assert "proposes" in said()


@pytest.mark.parametrize("heading", [None, (4, 0)])
def test_what_is_waited_for_fills_its_cell_as_it_will_with_its_landmarks(sheet, heading):
    cell = sheet.page.cells[0]
    cell._scheme = replace(cell._scheme, heading=heading)
    scene, box = cell.canvas.scene, cell.view.instance.box
    pyramid = cell.canvas._backdrop.pyramid
    nothing = Shape(np.full_like(cell.view.shape.points, np.nan))
    cell.show_object(cell.instance_id, replace(cell.view, shape=nothing))
    cell.show_picture(pyramid)
    seen = scene.viewport.to_screen(box_corners(box))
    middle = np.array([cell.canvas.width(), cell.canvas.height()]) / 2
    assert seen.mean(axis=0) == pytest.approx(middle, abs=2)
    assert np.ptp(seen, axis=0).max() > 0.7 * min(cell.canvas.width(), cell.canvas.height())
