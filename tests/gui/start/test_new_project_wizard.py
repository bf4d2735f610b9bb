"""The wizard of a new project: every mistake is told on its page, and nothing half-made stays."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.start import wizard as wizard_module
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import DiskFull
from tests.gui.start.wizard_steps import (
    NAMES,
    PATIENCE_MS,
    finish,
    look,
    next_page,
    to_labels,
)
from tests.unit.projects.video.encoded import encode


def test_it_suggests_a_name_and_a_place_and_counts_the_photographs(wizard, qtbot, photographs):
    page = wizard.photographs
    assert page.name.text() == "leaves"
    assert page.folder.path == photographs.with_name("leaves-landmarks")
    qtbot.waitUntil(lambda: page.found.text() == "3 found", timeout=PATIENCE_MS)


def test_photographs_alone_make_a_project(wizard, qtbot):
    to_labels(wizard)
    folder = finish(wizard, qtbot)
    with Project.open(folder) as project:
        assert project.scheme.landmarks == tuple(NAMES.splitlines())
        assert [record.box for record in project.instances()] == [None] * 3


def test_the_whole_image_can_be_the_box(wizard, qtbot):
    to_labels(wizard, box="whole")
    with Project.open(finish(wizard, qtbot)) as project:
        assert {record.box for record in project.instances()} == {Box.whole_image(60, 40)}


def test_labels_are_shown_before_anything_is_written_and_then_imported(
    wizard, qtbot, photographs, tmp_path
):
    to_labels(wizard)
    look(wizard, qtbot, photographs)
    panel = wizard.labels.panel
    assert "300-W points" in panel.text.text()
    assert "1 object with landmarks" in panel.text.text()
    assert [panel.listed.item(0).text().split(":")[0]] == ["1.pts"]
    assert [path.name for path in tmp_path.iterdir()] == ["leaves"]
    with Project.open(finish(wizard, qtbot)) as project:
        states = [record.state for record in project.instances()]
    assert sorted(state.value for state in states) == sorted(
        [InstanceState.ACCEPTED.value, *[InstanceState.UNTOUCHED.value] * 2]
    )


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda page: page.images.show_path(Path("/no/such/folder")), "no such folder"),
        (lambda page: page.name.setText(" "), "no name"),
        (lambda page: page.folder.show_path(page.images.path), "something in"),
    ],
    ids=["photographs", "name", "folder"],
)
def test_a_mistake_is_told_on_its_page_and_keeps_the_user_there(wizard, break_it, told):
    break_it(wizard.photographs)
    next_page(wizard)
    assert wizard.stack.currentWidget() is wizard.photographs
    assert told in wizard.photographs.problem.text.text()


def test_a_scheme_that_is_none_is_told_of(wizard, tmp_path):
    next_page(wizard)
    (tmp_path / "bad.toml").write_text("landmarks = 3")
    wizard.landmarks.ways["file"].setChecked(True)
    wizard.landmarks.file.show_path(tmp_path / "bad.toml")
    next_page(wizard)
    assert wizard.stack.currentWidget() is wizard.landmarks
    assert wizard.landmarks.problem.isVisible()


def test_labels_that_are_none_are_told_of_and_can_be_left_out(wizard, qtbot, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    to_labels(wizard)
    look(wizard, qtbot, tmp_path / "notes.txt")
    assert "no labels or images" in wizard.labels.panel.problem.text.text()
    wizard.next.click()
    assert "None of these labels" in wizard.labels.problem.text.text()
    wizard.labels.source.show_path(None)
    assert finish(wizard, qtbot).is_dir()


def test_where_it_fails_the_reason_is_shown_and_nothing_is_left(
    wizard, qtbot, monkeypatch, tmp_path
):
    def fail(*_):
        raise DiskFull("The disk is full.", remedy="Make room.")

    monkeypatch.setattr(wizard_module, "make_project", fail)
    to_labels(wizard)
    wizard.next.click()
    qtbot.waitUntil(lambda: wizard.labels.problem.isVisible(), timeout=PATIENCE_MS)
    assert "The disk is full." in wizard.labels.problem.text.text()
    assert [path.name for path in tmp_path.iterdir()] == ["leaves"]
    assert wizard.isVisible()


def test_cancelled_while_it_is_made_it_leaves_nothing(wizard, qtbot, monkeypatch, tmp_path):
    make = wizard_module.make_project

    def slow(wanted, who, progress):  # in the thread of the work
        while not progress.cancelled():
            time.sleep(0.01)
        return make(wanted, who, progress)

    monkeypatch.setattr(wizard_module, "make_project", slow)
    to_labels(wizard)
    wizard.next.click()
    with qtbot.waitSignal(wizard.rejected, timeout=PATIENCE_MS):
        QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert [path.name for path in tmp_path.iterdir()] == ["leaves"]


def test_it_can_be_used_by_keyboard_alone(wizard, qtbot):
    def key(one, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(wizard.focusWidget(), one, modifier)

    def alt(one, until):
        key(one, Qt.KeyboardModifier.AltModifier)
        # Qt shows a button pressed for a moment before it acts.
        qtbot.waitUntil(until, timeout=PATIENCE_MS)

    assert wizard.focusWidget() is wizard.photographs.images.line
    key(Qt.Key.Key_Return)
    alt(Qt.Key.Key_T, wizard.landmarks.ways["typed"].isChecked)
    key(Qt.Key.Key_Tab)
    QTest.keyClicks(wizard.focusWidget(), "ends")
    key(Qt.Key.Key_Tab)
    QTest.keyClicks(wizard.focusWidget(), "a, b")
    alt(Qt.Key.Key_N, lambda: wizard.stack.currentWidget() is wizard.boxes)
    alt(Qt.Key.Key_W, wizard.boxes.ways["whole"].isChecked)
    alt(Qt.Key.Key_N, lambda: wizard.stack.currentWidget() is wizard.labels)
    with qtbot.waitSignal(wizard.made, timeout=PATIENCE_MS) as made:
        key(Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    with Project.open(made.args[0]) as project:
        assert project.scheme.landmarks == ("a", "b")
        assert all(record.box is not None for record in project.instances())


def test_the_theme_may_change_while_it_is_open(wizard, qapp):
    for theme in ("light", "dark"):
        themes.apply(qapp, theme)
    assert wizard.isVisible()
    themes.apply(qapp)


def test_whoever_goes_on_too_soon_is_told_only_as_long_as_labels_are_looked_at(
    wizard, qtbot, photographs
):
    """The typed line was looked at once it was left, by going on."""
    to_labels(wizard)
    wizard.labels.source.line.setText(str(photographs / "0.pts"))
    next_page(wizard)
    assert "still being looked at" in wizard.labels.problem.text.text()
    assert not wizard.labels.problem.isHidden()
    qtbot.waitUntil(lambda: not wizard.labels.panel.looking, timeout=PATIENCE_MS)
    assert wizard.labels.problem.isHidden()


def test_labels_whose_line_was_emptied_do_not_come_in(wizard, qtbot, photographs):
    """They did where a key went on while the line had the keyboard still."""
    to_labels(wizard)
    look(wizard, qtbot, photographs / "0.pts")
    wizard.labels.source.line.clear()
    with Project.open(finish(wizard, qtbot)) as project:
        assert project.state_counts()[InstanceState.ACCEPTED] == 0


def test_a_newer_look_at_labels_takes_the_place_of_an_older_one(wizard, qtbot, photographs):
    to_labels(wizard)
    wizard.labels.source.show_path(photographs / "1.pts")
    look(wizard, qtbot, photographs / "0.pts")
    assert wizard.labels.preview.parts[0].source == photographs / "0.pts"
    assert wizard.labels.preview.report.unreadable == []


def mixed(folder: Path) -> None:
    """A picture that is cut short, a copy, one under another name and kind, and no picture."""
    content = (folder / "0.png").read_bytes()
    (folder / "cut.png").write_bytes(content[:40])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "copy.png").write_bytes(content)
    (folder / "camera.cr2").write_bytes(b"raw")
    (folder / "odd.jpg_large").write_bytes(content)
    (folder / "notes.txt").write_text("hello")


def test_before_anything_is_made_it_says_which_files_are_left_out_and_why(
    wizard, qtbot, photographs
):
    page = wizard.photographs
    mixed(photographs)
    page.images.show_path(None)
    page.images.show_path(photographs)
    said = "8 found: 3 will come in, 4 cannot be read and 1 is a copy"
    qtbot.waitUntil(lambda: page.found.text() == said, timeout=PATIENCE_MS)
    lines = [page.left_out.item(row).text() for row in range(page.left_out.count())]
    assert page.left_out.isVisible()
    assert sorted(line.split(":")[0] for line in lines) == [
        "camera.cr2",
        "copy.png",
        "cut.png",
        "empty.jpg",
        "odd.jpg_large",
    ]
    assert any(line.startswith("empty.jpg: It is empty (0 bytes)") for line in lines)
    assert "same picture as 0.png" in next(line for line in lines if line.startswith("copy"))


def test_a_folder_without_images_says_so(wizard, qtbot, tmp_path):
    (tmp_path / "empty").mkdir()
    wizard.photographs.images.show_path(tmp_path / "empty")
    told = "No photographs were found in this folder."
    qtbot.waitUntil(lambda: wizard.photographs.found.text() == told, timeout=PATIENCE_MS)
    assert not wizard.photographs.left_out.isVisible()


def test_afterwards_it_says_what_did_not_come_in(wizard, qtbot, photographs):
    mixed(photographs)
    to_labels(wizard)
    with qtbot.waitSignal(wizard.made, timeout=PATIENCE_MS) as made:
        wizard.next.click()
    report = made.args[1]
    assert report.images_added == 3
    assert len(report.unreadable) == 4
    assert [entry.path.name for entry in report.copies] == ["copy.png"]


def test_the_page_on_labels_calls_the_folder_by_what_is_in_it(wizard, qtbot, tmp_path):
    """Of a video it offered the folder of photographs, of which there are none."""
    to_labels(wizard)
    same = wizard.labels.same
    assert same.text() == "In the folder of &photographs"
    for _ in range(3):
        wizard.back.click()
    page = wizard.photographs
    page.images.show_path(encode(tmp_path / "film.mp4", 12))
    qtbot.waitUntil(lambda: page.fields.held.text().startswith("12 frames"), timeout=PATIENCE_MS)
    for _ in range(3):
        next_page(wizard)
    assert wizard.stack.currentWidget() is wizard.labels
    assert same.text() == "In the folder of the &video"
    same.click()
    assert wizard.labels.source.path == tmp_path
