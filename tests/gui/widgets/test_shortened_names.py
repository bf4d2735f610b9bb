"""Frames of one video are told apart in a narrow list."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QStyleOptionViewItem

from landmark_annotator.annotator.gui.widgets.shortened_names import VideoNames, shorten_names


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a very long name of a video.mp4 frame 120", Qt.TextElideMode.ElideLeft),
        ("scan.tif page 7  #2", Qt.TextElideMode.ElideLeft),
        ("a frame of wood.png", Qt.TextElideMode.ElideMiddle),
    ],
)
def test_what_differs_is_what_stays(qtbot, name, mode):
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem(name)
    option = QStyleOptionViewItem()
    option.textElideMode = table.textElideMode()
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert option.textElideMode is mode


def test_names_of_a_series_keep_what_they_differ_in(qtbot):
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem("2988554491_1.jpg  #2")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    for wide, ending in ((300, "2988554491_1.jpg  #2"), (110, "1.jpg  #2")):
        option.rect.setWidth(wide)
        table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
        assert option.text.endswith(ending)
    assert option.fontMetrics.horizontalAdvance(option.text) <= 110


@pytest.mark.parametrize(
    ("name", "letters", "said"),
    [
        ("06_140.jpg", 8, "06_140…"),
        ("03_-40.jpg  #1", 10, "03_-40…  #1"),
        ("09_180_left.jpg", 7, r"09.*….*t"),
    ],
)
def test_in_a_very_narrow_list_the_ending_goes_before_the_stem(qtbot, name, letters, said):
    """Three files were 0….jpg there, and of objects nothing but the ending was left."""
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem(name)
    option = QStyleOptionViewItem()
    option.initFrom(table)
    width = option.fontMetrics.horizontalAdvance
    option.rect.setWidth(200)
    beside = 200 - table.itemDelegate()._room(option)
    option.rect.setWidth(letters * width("0") + beside)
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert re.fullmatch(said, option.text)
    assert width(option.text) <= option.rect.width()


@pytest.mark.parametrize(
    ("room", "said"),
    [(600, "reaching-left/img0017.png"), (8, r"rea.*…/img0017\.png"), (-2, r"r.*….*7\.png")],
)
def test_folders_are_shortened_before_a_name(qtbot, room, said):
    """room: in pixels, or in letters more than the file's name has."""
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem("reaching-left/img0017.png")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    width = option.fontMetrics.horizontalAdvance
    option.rect.setWidth(room if room > 100 else width("/img0017.png") + room * width("n"))
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert re.fullmatch(said, option.text)


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (60, r"Mouse B/img_%04d\.png frame 20"),
        (4, r"Mouse B/….*g frame 20"),
        (-1, r"M.*….*B/….* frame 20"),
    ],
)
def test_frames_of_videos_of_one_name_keep_their_folders(qtbot, letters, said):
    """The folder went first, so that those of two mice were called the same. letters: how many
    there is room for beside the folder and the number."""
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem("Mouse B/img_%04d.png frame 20")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    width = option.fontMetrics.horizontalAdvance
    option.rect.setWidth(width("Mouse B/… frame 20") + (letters + 1) * width("n"))
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert re.fullmatch(said, option.text)
    assert width(option.text) <= option.rect.width()


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (32, "session_left.mp4 frame 145  #2"),
        (26, "session_left frame 145  #2"),
        (20, r"se.*….*ft frame 145  #2"),
        (14, r"se.*….*ft 145  #2"),
    ],
)
def test_frames_of_videos_that_differ_keep_what_tells_the_video(qtbot, letters, said):
    """Of videos in one folder beside others the ending was left: v…s/…4 frame 145."""
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table, lambda: VideoNames(differ=True))
    table.addItem("videos/session_left.mp4 frame 145  #2")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    width = option.fontMetrics.horizontalAdvance
    option.rect.setWidth(200)
    beside = 200 - table.itemDelegate()._room(option)
    option.rect.setWidth(round(letters * width("session_left frame 145  #2") / 26) + beside + 2)
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert re.fullmatch(said, option.text)
    assert width(option.text) <= option.rect.width()


@pytest.mark.parametrize("stem", ["beetle 04", "beetle 14", "leaf_0008", "wing 1", "IMG_0001"])
def test_a_name_that_is_let_pass_is_not_cut_by_the_style(qtbot, stem):
    table = QListWidget()
    qtbot.addWidget(table)
    shorten_names(table)
    table.addItem(f"{stem}.webp  #1")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    whole = option.fontMetrics.horizontalAdvance(table.item(0).text())
    for wide in range(whole - 6, whole + 12):
        option.rect.setWidth(wide)
        table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
        room = table.itemDelegate()._room(option)
        cut = option.fontMetrics.elidedText(option.text, table.textElideMode(), room)
        assert cut == option.text


@pytest.mark.parametrize("ending", ["mp4", "avi"])
def test_frames_of_videos_that_differ_in_their_ending_alone_keep_it(qtbot, ending):
    """Both were session_left frame 145."""
    table = QListWidget()
    qtbot.addWidget(table)
    names = VideoNames.of(["session_left.mp4", "session_left.avi"])
    shorten_names(table, lambda: names)
    table.addItem(f"session_left.{ending} frame 145")
    option = QStyleOptionViewItem()
    option.initFrom(table)
    option.rect.setWidth(option.fontMetrics.horizontalAdvance("session_left frame 145"))
    table.itemDelegate().initStyleOption(option, table.model().index(0, 0))
    assert re.fullmatch(rf"s.*….*{ending} frame 145", option.text)
