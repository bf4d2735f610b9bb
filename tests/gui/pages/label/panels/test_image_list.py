"""The list shows every instance with its state in words, and follows what happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.panels.image_list import (
    CLICKS,
    ERROR,
    NAME,
    STATE,
    ImageListModel,
)
from landmark_annotator.annotator.gui.pages.review.queue_list import QueueModel
from landmark_annotator.annotator.gui.services.thumbnails import Thumbnails
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import ImageFacts, Still
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.video.encoded import encode


def shown(hands, row: int, column: int) -> str:
    model = hands.window.label_page.list_model
    return model.data(model.index(row, column))


def test_files_of_one_name_are_told_apart_by_their_folders(hands):
    # Of a folder for each person leaf.png stood beside leaf.png, and nothing said which is which.
    model = hands.window.label_page.list_model
    tip = model.data(model.index(0, NAME), Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines() == ["kites_00.png", f"in {hands.window.project.folder.parent}"]


def test_states_are_words_and_signs_and_not_colours_alone(hands):
    assert shown(hands, 1, STATE) == "○ new"
    assert shown(hands, 14, STATE) == "✓ accepted"
    hands.click(*hands.free_place())
    assert shown(hands, 0, STATE) == "◐ started"
    hands.key(Qt.Key.Key_Return)
    assert shown(hands, 0, STATE) == "✓ accepted"


def test_every_click_counts_in_its_row(hands):
    assert shown(hands, 0, CLICKS) == ""
    for _ in range(2):
        hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_C)
    assert shown(hands, 0, CLICKS) == "3"
    assert shown(hands, 1, CLICKS) == ""


def test_the_clicks_of_earlier_sessions_are_counted(hands, open_window):
    hands.click(*hands.free_place())
    again = open_window(hands.window.project)
    assert shown(again, 0, CLICKS) == "1"


def test_the_predicted_error_is_that_of_the_proposal(hands):
    percent = hands.window.controller.view.predicted_error
    assert shown(hands, 0, ERROR) == f"{percent:.1f} %"
    hands.key(Qt.Key.Key_Return)
    assert shown(hands, 0, ERROR) == ""


def test_after_a_click_the_error_is_what_its_distribution_says_now(hands):
    before = shown(hands, 0, ERROR)
    hands.click(*hands.free_place())
    percent = hands.window.controller.view.predicted_error
    assert shown(hands, 0, ERROR) == f"{percent:.1f} %" != before
    hands.key(Qt.Key.Key_PageDown)
    assert shown(hands, 0, ERROR) == f"{percent:.1f} %"


def test_the_worst_are_those_that_are_so_after_their_clicks(hands):
    hands.key(Qt.Key.Key_PageDown)
    for _ in range(3):
        hands.click(*hands.free_place())
    clicked = hands.open_id
    hands.key(Qt.Key.Key_PageUp)
    model = hands.window.label_page.list_model
    model.show_only("", (InstanceState.UNTOUCHED, InstanceState.STARTED), worst_first=True)
    told = [model.data(model.index(row, ERROR)) for row in range(model.rowCount())]
    errors = [float(text.removesuffix(" %")) for text in told if text]
    assert model.row_of(clicked) not in (0, None)
    assert errors == sorted(errors, reverse=True)


def test_what_was_expected_before_clicks_is_not_told_after_another_start(hands, open_window):
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_PageDown)
    row = hands.window.label_page.list_model.row_of(hands.order[0])
    again = open_window(hands.window.project)
    again.key(Qt.Key.Key_PageDown)
    fresh = ImageListModel(again.window.project, again.window.label_page.list_model._thumbnails)
    assert fresh.data(fresh.index(row, ERROR)) == ""


def test_a_list_that_is_read_anew_keeps_what_clicks_made_of_the_error(hands):
    """It went back to what was expected before any of them."""
    hands.click(*hands.free_place())
    clicked = shown(hands, 0, ERROR)
    hands.key(Qt.Key.Key_PageDown)
    browser = hands.window.label_page.browser
    for name in ("kites_05", ""):
        browser.name.setText(name)
        browser.narrow()
    assert shown(hands, 0, ERROR) == clicked


def test_a_list_that_is_read_anew_keeps_no_error_of_what_was_changed_meanwhile(several, two_images):
    two_images.place(1, 0, (1.0, 1.0), who="ada")
    several.change([1])
    several.show_expected(1, 4.2)
    assert several.data(several.index(0, ERROR)) == "4.2 %"
    two_images.place(1, 1, (2.0, 1.0), who="bob")
    several.show_only("", tuple(InstanceState), worst_first=False)
    assert several.data(several.index(0, ERROR)) == ""


def test_headings_say_what_errors_are_in_percent_of(several, two_images):
    for model, column in ((several, ERROR), (QueueModel(two_images), 2)):
        tip = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert "in % of the box's diagonal" in tip


def test_what_somebody_else_does_there_ends_what_was_expected(several, two_images):
    several.show_expected(1, 4.2)
    assert several.data(several.index(0, ERROR)) == "4.2 %"
    two_images.place(1, 0, (1.0, 1.0), who="ada")
    several.change([1])
    assert several.data(several.index(0, ERROR)) == ""


def test_what_is_told_before_the_row_is_read_stays_told(several, two_images):
    """Of a project on a server rows are read after what was done is shown: no error was told of
    what was clicked, or the one before any click."""
    assert several.data(several.index(0, ERROR)) == ""  # the row is read
    two_images.place(1, 0, (1.0, 1.0), who="ada")
    several.show_expected(1, 4.2)
    several.hear(Change(Kind.STORED, frozenset((1,))))
    assert several.data(several.index(0, ERROR)) == "4.2 %"
    several.hear(Change(Kind.STORED, frozenset((1,)), by_others=True))
    assert several.data(several.index(0, ERROR)) == ""


def test_the_open_instance_is_the_selected_row(hands):
    hands.key(Qt.Key.Key_PageDown)
    assert hands.window.list.currentIndex().row() == 1


def test_a_click_on_a_row_opens_it(hands):
    images = hands.window.list
    place = images.visualRect(hands.window.label_page.list_model.index(5, NAME)).center()
    QTest.mouseClick(images.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hands.open_id == hands.order[5]
    assert hands.canvas.hasFocus()


def test_the_arrow_keys_walk_through_the_list_and_stay_in_it(hands):
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_Down)
    assert hands.open_id == hands.order[1]
    assert hands.window.list.hasFocus()


def test_the_focus_alone_opens_nothing(make_project, open_window):
    hands = open_window(make_project(), start=False)
    hands.window.list.setFocus()
    assert hands.window.controller.record is None


@pytest.fixture
def two_images(tmp_path) -> Iterator[Project]:
    """Two objects in the first image, one in the second."""
    with Project.create(tmp_path / "project", Scheme("pair", ("left", "right"))) as project:
        for number in (1, 2):
            path = project.folder / "pictures" / f"{number}.jpg"
            image = project.add_image(path, ImageFacts(640, 480, f"{number:064x}"))
            for _ in range(3 - number):
                project.add_instance(image.id, None, who="ada")
        yield project


@pytest.fixture
def several(two_images) -> ImageListModel:
    no_pictures = Thumbnails(lambda image_id: Still(Path(f"{image_id}.jpg")))
    return ImageListModel(two_images, no_pictures)


def test_several_objects_of_an_image_are_numbered(several):
    names = [several.data(several.index(row, NAME)) for row in range(3)]
    assert names == ["1.jpg  #1", "1.jpg  #2", "2.jpg"]


def test_a_change_of_one_instance_touches_one_row(several, two_images, qtbot):
    assert several.data(several.index(1, CLICKS)) == ""
    for x in range(4):
        two_images.place(2, 0, (x, 1.0), who="ada", proposed=None, duration=1.0)
    with qtbot.waitSignal(several.dataChanged) as changed:
        several.change([2])
    first, last = changed.args[0], changed.args[1]
    assert (first.row(), last.row()) == (1, 1)
    assert several.data(several.index(1, CLICKS)) == "4"


def test_rows_out_of_sight_are_not_read(several, two_images, monkeypatch):
    monkeypatch.setattr(two_images, "rows", lambda ids: pytest.fail("nobody sees them"))
    several.show_only("", tuple(InstanceState), worst_first=False)
    assert several.rowCount() == 3


def test_an_instance_that_somebody_removed_meanwhile_leaves_an_empty_row(several, two_images):
    two_images.remove_instance(2)
    assert several.data(several.index(1, NAME)) is None
    assert several.data(several.index(2, NAME)) == "2.jpg"


def test_from_what_somebody_removed_the_next_step_is_to_what_is_listed(several, two_images):
    two_images.remove_instance(2)
    several.show_only("", tuple(InstanceState), worst_first=False)
    assert several.beside(2, 1) == 1
    assert several.next_remarked(2) is None


def test_what_is_sought_may_hold_the_number_of_the_object(several):
    several.show_only("JPG  #2", tuple(InstanceState), worst_first=False)
    assert [several.data(several.index(0, NAME))] == ["1.jpg  #2"]
    assert several.rowCount() == 1


def test_what_is_left_alone_in_its_image_has_no_number(several, two_images):
    """It went on being the first of several, of which the list had no other."""
    two_images.exclude(instances=[2], why="taken back", who="ada")
    several.show_only("", tuple(InstanceState), worst_first=False)
    assert [several.data(several.index(row, NAME)) for row in range(2)] == ["1.jpg", "2.jpg"]
    several.show_only("#1", tuple(InstanceState), worst_first=False)
    assert several.rowCount() == 0


def test_beside_what_was_left_out_both_are_told_apart_by_the_number_of_that(several, two_images):
    two_images.exclude(instances=[2], why="taken back", who="ada")
    several.show_only("", tuple(InstanceState), worst_first=False, excluded=True)
    names = [several.data(several.index(row, NAME)) for row in range(3)]
    assert names == ["1.jpg", "1.jpg  #2", "2.jpg"]


@pytest.mark.parametrize("names", [("a/left.mp4", "b/left.mp4"), ("a/left.mp4", "b/right.mp4")])
def test_it_knows_whether_videos_are_told_apart_without_their_folders(tmp_path, qtbot, names):
    with Project.create(tmp_path / "project", Scheme("bar", ("start", "end"))) as project:
        for count, name in enumerate(names, start=1):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            add_frames(project, encode(tmp_path / name, 2 + count), (0,), who="x")
        model = ImageListModel(project, Thumbnails(lambda image_id: Still(Path(f"{image_id}.jpg"))))
        assert model.videos.differ is (names[1] == "b/right.mp4")


def test_many_rows_that_change_are_told_of_together(hands):
    """Each was looked for among all: of 100,000 that got a box the window stood still for
    seconds."""
    model, told = hands.window.label_page.list_model, []
    model.dataChanged.connect(lambda first, last, _=None: told.append((first.row(), last.row())))
    model.change([model.instance_at(row) for row in range(model.rowCount())], by_others=False)
    assert told == [(0, model.rowCount() - 1)]
