"""The compare page: objects and landmarks on which two people differ, the worst first."""

import numpy as np
import pytest
from compare_page import CONTROL, opened
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.session.review.agreement import NOTHING_IN_COMMON
from landmark_annotator.projects.store import Role
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ServerAway


@pytest.fixture
def page(make_project, open_window, qtbot):
    """Bob labelled the last two kites as well; he places the tail of the last one elsewhere."""
    project = make_project(labelled=4, untouched=0)
    for n, record in enumerate(project.instances()[-2:]):
        points = project.shape(record.id).points + np.array([[0, 0]] * 5 + [[6 * n, 8 * n]])
        project.add_instance(record.image_id, record.box, shape=Shape(points), who="bob")
    return opened(open_window(project), qtbot)


def key(page, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(page.canvas, key, modifier)


def test_the_object_with_the_largest_difference_is_open(page):
    shown = page.agreement.pairs[page.place]
    assert shown.second == page.project.instances()[-2].id
    assert page.objects.topLevelItem(0).text(0) == "kites_03.png"


def test_a_key_that_would_lead_beyond_the_list_says_so(page):
    for name, end in ((Qt.Key.Key_PageUp, "first"), (Qt.Key.Key_PageDown, "last")):
        for _ in range(2):
            key(page, name)
        said = page.window().messages.banner.text.text()
        assert f"the {end} one in the list" in said


def test_where_pixels_are_known_the_difference_is_in_millimetres_too(
    make_project, open_window, qtbot
):
    project = make_project(labelled=1, untouched=0)
    project.set_pixel_size(0.5, who="lea")
    [record] = project.instances()
    shape = Shape(project.shape(record.id).points + np.array([6.0, 8.0]))
    project.add_instance(record.image_id, record.box, shape=shape, who="bob")
    page = opened(open_window(project), qtbot)
    assert " %, 5.00 mm apart (median" in page.summary.text()


STATION = "Dr. Alexandra Konstantinopoulou-Featherstonehaugh (field station {})"


@pytest.mark.parametrize("width", [1024, 1440])
def test_people_with_long_names_are_told_apart(make_project, open_window, qtbot, width):
    project = make_project(labelled=0, untouched=1)
    [record] = project.instances()
    points = np.arange(2.0 * len(project.scheme)).reshape(-1, 2) * 5 + 20
    people = [STATION.format(n) for n in (4, 7)]
    for k, who in enumerate(people):
        project.add_instance(record.image_id, record.box, shape=Shape(points + 6 * k), who=who)
    hands = open_window(project)
    hands.window.resize(width, 700)
    page = opened(hands, qtbot)
    shown = page.people.currentText()
    assert len(shown) < 34  # of which the column shows all
    assert "4) and " in shown
    assert shown.endswith("7)")
    assert page.people.toolTip() == " and ".join(people)
    for room in (page.people.width(), 170):
        page.people.resize(room, page.people.height())
        seen = page.people.shown
        assert page.people.fontMetrics().horizontalAdvance(seen) < room
        assert "4) and " in seen
        assert seen.endswith("7)")
    key(page, Qt.Key.Key_2)
    before = page.found
    qtbot.waitUntil(lambda: page.found is not before, timeout=20_000)
    for label, who, what in zip(page.legend, people, ("does not count", "stands"), strict=True):
        assert label.text() == f"{who}: {what}"
        wanted = label.heightForWidth(label.width())
        qtbot.waitUntil(lambda label=label, wanted=wanted: label.height() >= wanted)
    assert hands.window.width() == width


def test_objects_of_one_image_are_told_apart(make_project, open_window, qtbot):
    project = make_project(labelled=0, untouched=1)
    [record] = project.instances()
    points = np.arange(2.0 * len(project.scheme)).reshape(-1, 2)
    for left in (20, 60):
        box = Box(left, 30, 26, 26)
        for k, who in enumerate(("ann", "bob")):
            shape = Shape(points + np.array([left - 8, 20 + k]))
            project.add_instance(record.image_id, box, shape=shape, who=who)
    page = opened(open_window(project), qtbot)
    names = {page.objects.topLevelItem(row).text(0) for row in range(2)}
    assert names == {"kites_00.png  #2", "kites_00.png  #4"}


@pytest.mark.parametrize("labelled", [0, 2])
def test_what_comes_once_another_page_is_seen_leaves_its_prompt(
    make_project, open_window, qtbot, labelled
):
    project = make_project(labelled=labelled, untouched=1)
    for record in project.instances()[1:]:
        shape = project.shape(record.id)
        project.add_instance(record.image_id, record.box, shape=shape, who="bob")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_3, CONTROL)
    hands.key(Qt.Key.Key_1, CONTROL)
    asked = hands.text
    page = hands.window.pages.page("compare")
    qtbot.waitUntil(lambda: page.found is not None, timeout=20_000)
    assert hands.text == asked
    assert asked.startswith("Click")


def test_the_worst_landmark_is_listed_first_with_its_shift(page):
    row = page.landmarks.topLevelItem(0)
    assert (row.text(0), row.text(4)) == ("tail", "-3.0 -4.0")


def test_the_column_of_short_names_has_room_for_its_heading(make_project, open_window):
    hands = open_window(make_project(labelled=2, scheme=Scheme("kite", tuple("abcdef"))))
    hands.key(Qt.Key.Key_3, CONTROL)
    header = hands.window.pages.page("compare").landmarks.header()
    assert header.sectionSize(0) >= header.sectionSizeHint(0)


def test_tab_points_at_the_worst_landmark(page):
    key(page, Qt.Key.Key_Tab)
    assert page.canvas.scene.marks.asked == 5


def test_page_down_goes_to_the_next_object(page):
    before = page.place
    key(page, Qt.Key.Key_PageDown)
    assert page.place != before


def test_both_shapes_are_drawn_in_one_or_side_by_side(page):
    overlaid = page.canvas.grab().toImage()
    key(page, Qt.Key.Key_D)
    assert page.beside.isVisible()
    people = page.agreement.first, page.agreement.second
    assert people == ("bob", "import")
    assert not np.array_equal(page.canvas.scene.marks.points, page.beside.scene.marks.points)
    key(page, Qt.Key.Key_D)
    assert not page.beside.isVisible()
    assert page.canvas.grab().toImage() == overlaid


def test_side_by_side_they_have_room_in_a_small_window(page, qtbot):
    key(page, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: page.beside.width() == page.canvas.width())
    page.layout().activate()
    assert page.minimumSizeHint().width() < 780


def test_side_by_side_both_look_at_the_same_place(page):
    key(page, Qt.Key.Key_D)
    page.canvas.zoom(2.0)
    assert page.beside.scene.viewport == page.canvas.scene.viewport


def test_two_distant_shapes_open_at_the_same_place_side_by_side(make_project, open_window, qtbot):
    project = make_project(labelled=1, untouched=0)
    (record,) = project.instances()
    far = project.shape(record.id).points + np.array([400.0, 250.0])
    project.add_instance(record.image_id, record.box, shape=Shape(far), who="bob")
    page = opened(open_window(project), qtbot)
    key(page, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: abs(page.canvas.width() - page.beside.width()) <= 1)
    one, other = page.canvas.scene, page.beside.scene
    assert np.nanmin(np.abs(one.marks.points - other.marks.points)) > 200
    # The splitter may give one of them a pixel more.
    centre = np.array([120.0, 95.0])
    assert np.abs(one.viewport.to_screen(centre) - other.viewport.to_screen(centre)).max() < 1
    for canvas in (page.canvas, page.beside):
        seen = canvas.scene.viewport.to_screen(canvas.scene.marks.points)
        assert (seen > 0).all()
        assert (seen < (canvas.width(), canvas.height())).all()


def test_without_two_people_it_says_so(hands, qtbot):
    hands.key(Qt.Key.Key_3, CONTROL)
    page = hands.window.pages.page("compare")
    qtbot.waitUntil(lambda: hands.text == "Nothing to compare", timeout=20_000)
    assert NOTHING_IN_COMMON in page.canvas.failure.text()
    assert page.people.isHidden()
    assert all(sign.isHidden() for sign in page._signs)


def test_without_two_people_the_way_out_is_in_the_window(hands, qtbot):
    hands.key(Qt.Key.Key_3, CONTROL)
    page = hands.window.pages.page("compare")
    qtbot.waitUntil(lambda: hands.text == "Nothing to compare", timeout=20_000)
    title = hands.window.actions_by_name["compare_ask"].text().strip("\N{HORIZONTAL ELLIPSIS}")
    assert title.replace("&", "") in page.canvas.failure.text()
    assert "annotator agreement" not in page.canvas.failure.text()


def test_what_falls_out_goes_to_review(make_project, open_window, qtbot):
    """Bob labels all as they are but for a small tremor, and one landmark far from there."""
    project = make_project(labelled=12, untouched=0)
    random = np.random.default_rng(2)
    for n, record in enumerate(project.instances()):
        points = project.shape(record.id).points + random.normal(0, 0.5, (6, 2))
        points[2] += 30.0 * (n == 7)
        project.add_instance(record.image_id, record.box, shape=Shape(points), who="bob")
    hands = open_window(project)
    page = opened(hands, qtbot)
    key(page, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(project.flags()), timeout=20_000)
    both = project.instances()[14:16]
    assert {record.image_id for record in both} == {both[0].image_id}
    for record in both:  # which of two people is wrong, nobody knows
        assert "bottom" in project.flags()[record.id].comment
    banner = hands.window.messages.banner
    banner.text.clear()
    key(page, Qt.Key.Key_R)  # they are as far off as before
    qtbot.waitUntil(lambda: "sent to review before" in banner.text.text(), timeout=20_000)
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert project.flags() == {}


def test_who_comes_back_from_correcting_an_object_finds_it_again(page, qtbot):
    key(page, Qt.Key.Key_PageDown)
    shown = page.agreement.pairs[page.place].second
    worst = page.agreement.pairs[page.agreement.worst_pairs()[0]].second
    assert shown != worst
    page._context.show_page("label")
    before = page.found
    page._context.show_page("compare")
    qtbot.waitUntil(lambda: page.found is not before)
    assert page.agreement.pairs[page.place].second == shown


def test_what_a_second_person_has_placed_is_compared_at_once(make_project, open_window, qtbot):
    project = make_project(labelled=2, untouched=0)
    hands = open_window(project)
    hands.key(Qt.Key.Key_3, CONTROL)
    page = hands.window.pages.page("compare")
    qtbot.waitUntil(lambda: page.found == [], timeout=20_000)
    record = project.instances()[0]
    shape = Shape(project.shape(record.id).points + 1.0)
    added = project.add_instance(record.image_id, record.box, shape=shape, who="bob")
    # As an import says it.
    hands.window.context.changed(Change(Kind.LIST, frozenset((added.id,))))
    qtbot.waitUntil(lambda: bool(page.found), timeout=20_000)
    assert page.agreement is not None


def test_labels_that_cannot_be_read_are_no_longer_waited_for(
    make_project, open_window, qtbot, monkeypatch
):
    def away(_folder):
        raise ServerAway("The server does not answer.")

    monkeypatch.setattr("landmark_annotator.annotator.gui.pages.compare.page._agreements", away)
    hands = open_window(make_project(labelled=2))
    hands.key(Qt.Key.Key_3, CONTROL)
    qtbot.waitUntil(lambda: hands.window.messages.banner.isVisible(), timeout=20_000)
    assert hands.text == "The labels could not be read: turn to this page again"


def test_one_key_says_whose_label_stands_and_one_undo_takes_that_back(page, qtbot):
    project, worst = page.project, page.agreement.pairs[page.place]
    before, mean = page.found, page.agreement.nme.mean()

    def seen():
        qtbot.waitUntil(lambda: page.found is not before, timeout=20_000)
        return page.agreement.pairs[page.place], page.objects.topLevelItem(0).text(2)

    key(page, Qt.Key.Key_2)
    assert [record.id for record in project.instances(excluded=True) if record.excluded] == [
        worst.first
    ]
    pair, whose = seen()
    assert (pair.first, pair.second, pair.stands) == (worst.first, worst.second, worst.second)
    assert whose == "import"
    assert [label.text() for label in page.legend] == ["bob: does not count", "import: stands"]
    # How far the two are apart is measured on what they differ on most all the same.
    assert page.agreement.nme.mean() == mean
    before = page.found
    key(page, Qt.Key.Key_1)  # one step, though both labels change
    pair, whose = seen()
    assert (pair.stands, whose) == (worst.first, "bob")
    before = page.found
    key(page, Qt.Key.Key_Z, CONTROL)
    assert seen()[0].stands == worst.second
    before = page.found
    key(page, Qt.Key.Key_B)
    assert seen()[0].stands is None
    assert len(project.instances()) == 6


def test_what_is_corrected_is_the_label_that_stands(page, qtbot):
    """It was the first person's, which counted no longer."""
    before, worst = page.found, page.agreement.pairs[page.place]
    key(page, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: page.found is not before, timeout=20_000)
    key(page, Qt.Key.Key_Return, CONTROL)
    assert page.window().controller.record.id == worst.second


def test_of_three_people_one_label_stands_over_both_others(make_project, open_window, qtbot):
    project = make_project(labelled=1, untouched=0)
    [record] = project.instances()
    for n, who in enumerate(("bob", "cid"), 1):
        points = project.shape(record.id).points + np.array([[0, 0]] * 5 + [[2 * n, 2 * n]])
        project.add_instance(record.image_id, record.box, shape=Shape(points), who=who)
    page = opened(open_window(project), qtbot)

    def seen(press):
        before = page.found
        key(page, press)
        qtbot.waitUntil(lambda: page.found is not before, timeout=20_000)
        return {i.id for i in project.instances()}, page.objects.topLevelItem(0).text(2)

    place = [(one.first, one.second) for one in page.found].index(("bob", "cid"))
    page.people.setCurrentIndex(place)
    (of_bob, _), whose = page.agreement.pairs[0].ids, "bob"
    assert seen(Qt.Key.Key_1) == ({of_bob}, whose)
    place = [(one.first, one.second) for one in page.found].index(("cid", "import"))
    page.people.setCurrentIndex(place)
    # Both give way to bob's, which nobody has decided otherwise.
    assert page.objects.topLevelItem(0).text(2) == "bob"
    assert [label.text() for label in page.legend] == [
        "cid: does not count",
        "import: does not count",
    ]
    assert seen(Qt.Key.Key_2) == ({record.id}, "import")
    assert seen(Qt.Key.Key_B)[0] == {i.id for i in project.instances(excluded=True)}


def test_nobody_but_a_lead_decides_whose_label_stands(page):
    page.project.set_person("lea", Role.LEAD, who="lea")
    page.project.set_person("somebody", Role.REVIEWER, who="lea")
    key(page, Qt.Key.Key_1)
    told = page.window().messages.banner.text.text()
    assert "somebody is here as a reviewer and cannot decide whose label stands" in told
    assert len(page.project.instances()) == 6


def test_large_shifts_are_told_in_whole_pixels(make_project, open_window, qtbot):
    """A column for tenths of pixels cuts hundreds in their middle."""
    project = make_project(labelled=0, untouched=1)
    [record] = project.instances()
    points = np.arange(2.0 * len(project.scheme)).reshape(-1, 2) * 5 + 20
    far = points.copy()
    far[0] += (-268.04, 297.06)
    far[1] += (1.26, -0.5)
    for who, shape in (("ann", points), ("bob", far)):
        project.add_instance(record.image_id, record.box, shape=Shape(shape), who=who)
    page = opened(open_window(project), qtbot)
    rows = [page.landmarks.topLevelItem(n) for n in range(2)]
    assert [row.text(4) for row in rows] == ["-268 +297", "+1.3 -0.5"]


def test_where_nothing_is_left_to_compare_nothing_of_before_is_shown(page, qtbot):
    """Figures and rows of labels that no longer count stood beside it."""
    project = page.project
    both = [record.id for record in project.instances() if record.image_id > 2]
    project.exclude(instances=both, why="why", who="ada")
    page._context.changed(Change(Kind.LIST | Kind.STORED | Kind.LABELS))
    qtbot.waitUntil(lambda: page.found == [], timeout=20_000)
    assert page.summary.text() == ""
    assert page.objects.topLevelItemCount() == page.landmarks.topLevelItemCount() == 0
    assert [label.text() for label in page.legend] == ["", ""]
