"""The review page by keyboard alone: look, let pass, send back with a comment, go on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QStyle

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.review.history_panel import HistoryPanel
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.projects.store import InstanceState, Role, Verdict
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme
from landmark_annotator.projects.vocabulary.errors import ServerAway
from tests.gui.pages.review.reviewer import Reviewer

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_the_flagged_one_is_open_first(reviewer):
    assert reviewer.open_id == reviewer.project.instances()[2].id
    assert "is this a kite?" in reviewer.page.history.remarks.text()
    assert len(reviewer.waiting) == 3


def test_a_row_says_in_which_folder_its_file_lies(reviewer):
    model = reviewer.page.model
    tip = model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[-1] == f"in {reviewer.project.folder.parent}"


def test_it_says_what_waits_before_that_is_read_anew(reviewer):
    pages, prompt = reviewer.window.pages, reviewer.window.status.prompt
    waiting = prompt.text()
    assert "to review" in waiting
    pages.turn_to("label")
    assert prompt.text() != waiting
    pages.turn_to("review")
    assert prompt.text() == waiting


def test_it_says_who_placed_what_and_how(reviewer):
    row = reviewer.page.history.table.topLevelItem(0)
    assert [row.text(i) for i in range(5)] == ["top", "clicked", "ada", "1.5", "5.0"]
    row = reviewer.page.history.table.topLevelItem(1)
    assert [row.text(i) for i in (1, 2)] == ["imported", "import"]


def test_long_times_and_ways_are_seen_whole(reviewer):
    """A landmark that was 234 pixels off was told as 2...0."""
    page, panel = reviewer.page, reviewer.page.history
    first, *others = page.seen.placements
    far = replace(first, seconds=1443.2, moved=1234.0)
    panel.show_instance(replace(page.seen, placements=(far, *others)), "kite")
    row, header = panel.table.topLevelItem(0), panel.table.header()
    for column, text in ((3, "1443"), (4, "1234")):
        around = 2 * (panel.table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1)
        assert row.text(column) == text
        whole = panel.table.fontMetrics().horizontalAdvance(row.text(column)) + around
        assert header.sectionSize(column) >= whole


def test_a_drag_says_where_landmarks_are_moved(reviewer):
    # Nothing at all came of it.
    canvas = reviewer.page.canvas
    reviewer.hands.qtbot.waitUntil(lambda: reviewer.page.painted)
    there = canvas.scene.viewport.to_screen(canvas.scene.marks.points[1:2])[0]
    start = QPoint(*(round(float(c)) for c in there))
    before = reviewer.project.shape(reviewer.open_id).points
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for way in (8, 16, 24):
        QTest.mouseMove(canvas, start + QPoint(way, way))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(24, 24))
    told = reviewer.window.messages.banner.text.text()
    assert told == "Nothing was moved: Ctrl+Enter opens it for that."
    assert (reviewer.project.shape(reviewer.open_id).points == before).all()


def test_enter_lets_it_pass_and_goes_on(reviewer):
    first, second = reviewer.waiting[:2]
    reviewer.key(Qt.Key.Key_Return)
    assert reviewer.project.reviews()[first].verdict is Verdict.ACCEPTED
    assert (reviewer.open_id, len(reviewer.waiting)) == (second, 2)


def test_backspace_sends_it_back_with_a_comment(reviewer):
    first, second = reviewer.waiting[:2]
    reviewer.key(Qt.Key.Key_Backspace)
    reviewer.comment("the tail is off")
    assert reviewer.project.reviews()[first].comment == "the tail is off"
    assert reviewer.project.instance(first).state is InstanceState.STARTED
    assert reviewer.open_id == second


def test_nothing_is_sent_back_without_a_comment(reviewer):
    reviewer.key(Qt.Key.Key_Backspace)
    [sheet] = reviewer.page.findChildren(CommentSheet)
    assert not sheet.buttons.button(sheet.buttons.StandardButton.Ok).isEnabled()
    QTest.keyClick(sheet.comment, Qt.Key.Key_Return)
    assert reviewer.project.reviews() == {}


def test_undo_brings_it_back(reviewer):
    first = reviewer.open_id
    reviewer.key(Qt.Key.Key_Return)
    reviewer.key(Qt.Key.Key_Z, CONTROL)
    assert reviewer.project.reviews() == {}
    assert reviewer.open_id == first


def test_page_keys_leave_it_for_later(reviewer):
    first, second = reviewer.waiting[:2]
    reviewer.key(Qt.Key.Key_PageDown)
    assert reviewer.open_id == second
    reviewer.key(Qt.Key.Key_PageUp)
    assert reviewer.open_id == first


def test_tab_points_at_one_landmark_after_the_other(reviewer):
    reviewer.key(Qt.Key.Key_Tab)
    reviewer.key(Qt.Key.Key_Tab)
    assert reviewer.page.canvas.scene.marks.asked == 1
    assert reviewer.page.history.table.currentItem().text(0) == "right"
    reviewer.key(Qt.Key.Key_Tab, SHIFT)
    assert reviewer.page.canvas.scene.marks.asked == 0


def test_nothing_can_be_moved(reviewer):
    before = reviewer.project.shape(reviewer.open_id)
    canvas = reviewer.page.canvas
    reviewer.hands.qtbot.waitUntil(lambda: canvas.scene.image_size is not None)
    place = canvas.scene.viewport.to_screen(before.points[1])
    start = canvas.rect().topLeft() + type(canvas.rect().topLeft())(*(round(v) for v in place))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start * 1.2)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start * 1.2)
    assert reviewer.project.shape(reviewer.open_id) == before


def test_ctrl_enter_opens_it_for_labelling(reviewer):
    first = reviewer.open_id
    reviewer.key(Qt.Key.Key_Return, CONTROL)
    assert reviewer.window.pages.name == "label"
    assert reviewer.hands.open_id == first


def test_an_untouched_proposal_can_pass(make_project, open_window):
    hands = open_window(make_project(labelled=12, untouched=1))
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    reviewer = Reviewer(hands)
    proposed = reviewer.open_id
    assert reviewer.page.seen.proposed
    reviewer.key(Qt.Key.Key_Return)
    assert reviewer.project.instance(proposed).state is InstanceState.ACCEPTED
    assert set(reviewer.project.shape(proposed).provenance) == {Provenance.INFERRED}
    assert hands.state(proposed) is InstanceState.ACCEPTED


def test_at_the_end_it_says_that_nothing_waits(make_project, open_window):
    hands = open_window(make_project(labelled=1, untouched=0))
    hands.key(Qt.Key.Key_2, CONTROL)
    reviewer = Reviewer(hands)
    reviewer.key(Qt.Key.Key_Return)
    assert reviewer.waiting == []
    assert "Nothing waits" in reviewer.page.canvas.failure.text()
    assert hands.text == "Nothing to review"


def test_a_proposal_that_arrives_meanwhile_is_listed_and_what_is_open_stays(reviewer):
    before, waiting = reviewer.open_id, len(reviewer.waiting)
    changes = reviewer.window.context.changes
    (untouched,) = [
        record.id
        for record in reviewer.project.instances()
        if record.state is not InstanceState.ACCEPTED
    ]
    changes.announce(Change(Kind.PROPOSALS, frozenset((untouched,))))
    assert reviewer.open_id == before
    assert len(reviewer.waiting) >= waiting
    selected = reviewer.page.list.currentIndex().row()
    assert reviewer.waiting[selected] == before


@pytest.fixture
def found(reviewer) -> int:
    """A box that was found just now, and of which nothing is proposed yet."""
    image = reviewer.project.images()[0].id
    return reviewer.project.add_found({image: [Box(60, 60, 40, 40)]}, who="finder")[0]


def test_what_is_found_meanwhile_does_not_take_the_place_of_what_is_open(reviewer, found):
    first = reviewer.open_id
    reviewer.window.context.changes.announce(Change(Kind.STORED, frozenset((found,))))
    assert reviewer.open_id == first


def test_a_landmark_that_is_nowhere_has_no_sign(reviewer, found):
    row = reviewer.page.history.table.topLevelItem(0)
    assert not row.icon(0).isNull()
    reviewer.page.open(found)
    assert row.text(1) == "nowhere"
    assert row.icon(0).isNull()


def test_two_objects_of_one_image_are_told_apart(make_project, open_window):
    project = make_project(labelled=2, untouched=0)
    first = project.instances()[0]
    twin = project.add_instance(first.image_id, first.box, who="ada")
    project.accept(twin.id, project.shape(first.id), who="ada")
    hands = open_window(project)
    hands.window.pages.turn_to("review")
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.settled)
    model = page.model
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert len(set(names)) == 3
    assert sum("#" in name for name in names) == 2


def test_the_expected_error_is_that_of_the_shape_as_it_is_now(make_project, open_window):
    hands = open_window(make_project(labelled=12, untouched=2))
    hands.wait_for()
    controller, clicked = hands.window.controller, hands.open_id
    before = controller.view.predicted_error
    for _ in range(2):
        x, y = hands.points[controller.asked]
        hands.click(x + 3, y + 2)
    now = controller.view.predicted_error
    assert f"{before:.1f}" != f"{now:.1f}"
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_2, CONTROL)
    reviewer = Reviewer(hands)
    reviewer.page.open(clicked)
    assert hands.window.status.error.text() == f"expected error {now:.1f} %"
    assert f"Expected error: {now:.1f} %" in reviewer.page.history.summary.text()


def test_a_message_hides_no_button(make_project, open_window, qtbot):
    hands = open_window(make_project(labelled=2))
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("review")
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    hands.window.messages.note("Something worth knowing. " * 20)
    QApplication.processEvents()
    banner = hands.window.messages.banner
    for button in (page.passes, page.send_back):
        place = button.mapTo(hands.window, QPoint(0, 0))
        shown = QRect(banner.mapTo(hands.window, QPoint(0, 0)), banner.size())
        assert not shown.intersects(QRect(place, button.size()))


@pytest.mark.parametrize("name", ["a <b>bold</b> name.png", f"{'x' * 200}.png"])
def test_any_name_of_a_file_stands_as_it_is_and_makes_nothing_wider(
    make_project, open_window, qtbot, name
):
    hands = open_window(make_project(labelled=2))
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("review")
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    before = page.history.minimumSizeHint().width()
    page.history.show_instance(page.seen, name)
    QApplication.processEvents()
    assert page.history.minimumSizeHint().width() == before
    assert page.history.title.textFormat() is Qt.TextFormat.PlainText


def test_the_column_of_short_names_has_room_for_its_heading(qtbot):
    panel = HistoryPanel(Scheme("kite", tuple("abcdef")))
    qtbot.addWidget(panel)
    panel.resize(panel.minimumSizeHint().width(), 300)
    panel.show()
    header = panel.table.header()
    assert header.sectionSize(0) >= header.sectionSizeHint(0)


@pytest.fixture
def onlooker(make_project, open_window):
    """At the review page, as an annotator."""
    project = make_project(labelled=3, untouched=1)
    for name, role in (("lea", Role.LEAD), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    return Reviewer(hands)


def test_who_may_give_no_verdicts_is_asked_for_nothing(onlooker):
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
    for key, held in ((Qt.Key.Key_Backspace, none), (Qt.Key.Key_C, none), (Qt.Key.Key_C, shift)):
        onlooker.key(key, held)
        assert onlooker.page.findChildren(QDialog) == []
        said = onlooker.window.messages.banner
        assert said.isVisible()
        assert "here as an annotator" in said.text.text()
        said.hide()


def test_a_refusal_is_not_seen_on_the_label_page_any_more(onlooker):
    onlooker.key(Qt.Key.Key_Return)
    banner = onlooker.window.messages.banner
    assert "cannot give verdicts" in banner.text.text()
    onlooker.key(Qt.Key.Key_1, CONTROL)
    assert not banner.isVisible()


def test_what_others_label_meanwhile_is_listed_and_opens_nothing(make_project, open_window):
    project = make_project(labelled=3, untouched=1)
    for name, role in (("lea", Role.LEAD), ("bob", Role.ANNOTATOR), ("somebody", Role.REVIEWER)):
        project.set_person(name, role, who="lea")
    hands = open_window(project)
    hands.wait_for()
    hands.window.others.look()
    new = hands.open_id
    project.give_back([project.instance(new).image_id], who="somebody")
    hands.key(Qt.Key.Key_2, CONTROL)
    reviewer = Reviewer(hands)
    reviewer.key(Qt.Key.Key_PageDown)
    judged = reviewer.open_id
    assert judged != new
    project.place(new, 0, (50.0, 60.0), who="bob")
    project.accept(new, project.shape(judged), who="bob")
    hands.window.others.look()
    assert reviewer.open_id == judged
    hands.qtbot.waitUntil(lambda: new in reviewer.waiting)
    # What is done to the shape that is looked at is seen.
    project.give_back([project.instance(new).image_id], who="bob")
    project.place(judged, 0, (50.0, 60.0), who="lea")
    hands.window.others.look()
    assert reviewer.open_id == judged
    assert reviewer.page.seen.shape.points[0].tolist() == [50.0, 60.0]


def test_a_verdict_that_is_stored_takes_away_why_the_one_before_was_refused(reviewer):
    banner = reviewer.window.messages.banner
    reviewer.window.messages.tell(ServerAway("The server does not answer."))
    assert banner.isVisible()
    reviewer.key(Qt.Key.Key_Return)
    assert not banner.isVisible()


def test_what_others_finish_where_nothing_waits_is_opened_at_once(reviewer):
    for _ in range(3):
        reviewer.key(Qt.Key.Key_Return)
    assert reviewer.page.seen is None
    states = {record.state: record for record in reviewer.project.instances()}
    finished = states[InstanceState.STARTED]
    shape = reviewer.project.shape(states[InstanceState.ACCEPTED].id)
    reviewer.project.accept(finished.id, shape, who="ben")
    kinds = Kind.STORED | Kind.LABELS
    reviewer.window.context.changed(Change(kinds, frozenset({finished.id}), by_others=True))
    reviewer.hands.qtbot.waitUntil(lambda: reviewer.page.settled)
    assert reviewer.waiting == [finished.id]
    assert reviewer.open_id == finished.id
    assert reviewer.hands.text == "1 to review"


def test_what_others_judge_leaves_the_open_one_marked_and_is_counted(reviewer):
    opened, judged = reviewer.waiting[0], reviewer.waiting[1]
    reviewer.project.review(judged, Verdict.ACCEPTED, who="ben")
    reviewer.window.context.changed(
        Change(Kind.STORED | Kind.LABELS, frozenset({judged}), by_others=True)
    )
    reviewer.hands.qtbot.waitUntil(lambda: reviewer.page.settled)
    assert reviewer.open_id == opened
    assert reviewer.hands.text == "2 to review"
    assert reviewer.page.list.selectionModel().currentIndex().row() == 0


def test_what_somebody_passes_while_the_comment_is_written_stays_passed(reviewer):
    """It was sent back over that verdict, which the reviewer had not seen."""
    first = reviewer.open_id
    reviewer.key(Qt.Key.Key_Backspace)
    reviewer.project.review(first, Verdict.ACCEPTED, who="ben")
    reviewer.comment("the tail is off")
    assert reviewer.project.reviews()[first].who == "ben"
    assert reviewer.open_id == first
    assert "ben has changed this shape meanwhile" in reviewer.window.messages.banner.text.text()


def test_what_somebody_else_has_passed_is_not_passed_once_more(reviewer):
    first = reviewer.open_id
    reviewer.project.review(first, Verdict.ACCEPTED, who="ben")
    reviewer.window.context.changed(Change(Kind.STORED, frozenset({first}), by_others=True))
    reviewer.hands.qtbot.waitUntil(lambda: reviewer.page.settled)
    reviewer.key(Qt.Key.Key_Return)
    assert reviewer.project.reviews()[first].who == "ben"
    assert "ben has let this one pass already" in reviewer.window.messages.banner.text.text()
