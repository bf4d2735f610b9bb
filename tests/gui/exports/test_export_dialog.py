"""Labels leave the open project by the window: chosen, looked at, exported, and told of."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from landmark_annotator.annotator.gui.exports.choices import ExportChoices
from landmark_annotator.annotator.gui.exports.data_sheet import DataSheetDialog
from landmark_annotator.annotator.gui.exports.dialog import ExportDialog
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.session.exchange import export_preview
from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    export_as_chosen,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Scheme

PATIENCE_MS = 60_000
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(hands) -> ExportDialog:
    """Asked for by its key, on twelve accepted kites and three that nobody has touched."""
    return asked_for(hands)


@pytest.fixture
def large_letters(qapp):
    themes.apply(qapp, font_scale=160)
    yield
    themes.apply(qapp)


def asked_for(hands) -> ExportDialog:
    with hands.qtbot.waitActive(hands.window):
        hands.window.activateWindow()
    hands.key(Qt.Key.Key_E, CONTROL)
    dialog = hands.window.findChildren(ExportDialog)[-1]
    with hands.qtbot.waitActive(dialog):
        dialog.activateWindow()
    looked(hands.qtbot, dialog)
    return dialog


def looked(qtbot, dialog: ExportDialog) -> None:
    """Once it has looked at what is chosen now."""
    qtbot.waitUntil(lambda: not dialog.panel.looking, timeout=PATIENCE_MS)


def choose(combo: QComboBox, data: str) -> None:
    row = combo.findData(data)
    while combo.currentIndex() != row:
        down = combo.currentIndex() < row
        QTest.keyClick(combo, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def type_over(line, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Tab)


def export(hands, dialog: ExportDialog) -> None:
    looked(hands.qtbot, dialog)
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    job = hands.window.work.exports.job
    hands.qtbot.waitUntil(lambda: not job.running, timeout=PATIENCE_MS)


def files(folder: Path) -> dict[str, bytes]:
    """All but data sheets, which bear the time."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "datasheet" not in path.name
    }


@pytest.mark.usefixtures("large_letters")
def test_in_large_letters_its_buttons_are_on_the_screen(dialog):
    assert dialog.height() <= dialog.screen().availableSize().height()


def test_what_would_be_written_and_left_out_is_said_before_anything_is(dialog, tmp_path):
    text = dialog.panel.text.text()
    assert "12 objects of 12 images would be written." in text
    assert "Not complete: 3 objects of 15 left out: 3 without labels." in text
    listed = [dialog.panel.listed.item(i).text() for i in range(dialog.panel.listed.count())]
    assert "Provenance and uncertainty are not written." in listed
    assert "Boxes: upright, a turned one becomes the box around it." in listed
    assert not any("left out" in line for line in listed)
    assert not list(tmp_path.glob("*.json"))
    dialog.reject()


def test_boxes_without_landmarks_are_not_passed_off_as_labels(hands, dialog):
    QTest.mouseClick(dialog.choices.all_labels, Qt.MouseButton.LeftButton)
    looked(hands.qtbot, dialog)
    text = dialog.panel.text.text()
    assert "15 objects of 15 images would be written." in text
    assert "Of these 3 have a box and no landmark yet." in text
    dialog.reject()


@pytest.mark.parametrize("format", ["coco", "pts", "csv"])
def test_what_is_written_is_what_the_command_writes(hands, dialog, tmp_path, format):
    (tmp_path / "window").mkdir()
    (tmp_path / "command").mkdir()
    choose(dialog.choices.format, format)
    QTest.keyClick(dialog.choices.split, Qt.Key.Key_Space)
    type_over(dialog.choices.shares, "50/25/25")
    target = dialog.choice.target.name
    type_over(dialog.target, str(tmp_path / "window" / target))
    export(hands, dialog)
    choice = ExportChoice(format, tmp_path / "command" / target, shares="50/25/25")
    with Project.open(hands.window.project.folder, read_only=True) as project:
        export_as_chosen(project, choice, SILENT)
    written = files(tmp_path / "window")
    # Beside the three parts the twelve photographs that two of the formats name.
    assert len(written) == (12 if format == "pts" else 15)
    assert written == files(tmp_path / "command")


def test_what_came_of_it_is_told_and_its_data_sheet_opens(hands, dialog, tmp_path):
    export(hands, dialog)
    banner = hands.window.messages.banner
    assert "Exported 12 objects of 12 images to kites-coco.json." in banner.text.text()
    assert (tmp_path / "kites-coco.json").is_file()
    banner.text.setFocus()
    QTest.keyClick(banner.text, Qt.Key.Key_Tab)
    QTest.keyClick(banner.text, Qt.Key.Key_Return)
    [sheet] = hands.window.findChildren(DataSheetDialog)
    assert sheet.windowTitle() == "kites-coco.datasheet.md"
    assert "Data sheet of kites" in sheet.text.toPlainText()
    sheet.reject()


def test_a_file_that_no_export_made_is_not_gone_over(hands, dialog, tmp_path):
    own = tmp_path / "own.json"
    own.write_text("mine")
    type_over(dialog.target, str(own))
    looked(hands.qtbot, dialog)
    assert "no export of this program made it" in dialog.panel.problem.text.text()
    assert not dialog.take.isEnabled()
    dialog.reject()
    assert own.read_text() == "mine"


def test_an_earlier_export_may_be_replaced_and_the_dialog_says_so(hands, dialog):
    export(hands, dialog)
    again = asked_for(hands)
    assert "Replaced: 3 files of an earlier export." in again.panel.text.text()
    assert again.take.isEnabled()
    again.reject()


def test_each_format_has_a_name_of_its_own_until_somebody_types_one(dialog, tmp_path):
    assert dialog.choice.target == tmp_path / "kites-coco.json"
    choose(dialog.choices.format, "pts")
    assert dialog.choice.target == tmp_path / "kites-pts"
    type_over(dialog.target, str(tmp_path / "mine"))
    choose(dialog.choices.format, "csv")
    assert dialog.choice.target == tmp_path / "mine.csv"
    dialog.reject()


def test_shares_that_make_no_split_are_told_of(hands, dialog):
    QTest.keyClick(dialog.choices.split, Qt.Key.Key_Space)
    type_over(dialog.choices.shares, "80/10")
    looked(hands.qtbot, dialog)
    assert "add up to 100" in dialog.panel.problem.text.text()
    dialog.reject()


def test_a_complete_export_says_so(make_project, open_window):
    dialog = asked_for(open_window(make_project(labelled=3, untouched=0)))
    assert "Complete: no object of the project is left out." in dialog.panel.text.text()
    dialog.reject()


def test_stopped_at_the_bottom_nothing_is_written(hands, dialog, tmp_path, monkeypatch):
    begun, go_on = Event(), Event()

    def slow(project, choice, progress):
        begun.set()
        go_on.wait(30)
        return export_as_chosen(project, choice, progress)

    monkeypatch.setattr(export_preview, "export_as_chosen", slow)
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(begun.is_set, timeout=PATIENCE_MS)
    line = hands.window.work.lines["export"]
    hands.qtbot.waitUntil(line.isVisible)
    assert line.text.text().startswith("Exporting")
    QTest.mouseClick(line.stop, Qt.MouseButton.LeftButton)
    go_on.set()
    hands.qtbot.waitUntil(lambda: not line.isVisible(), timeout=PATIENCE_MS)
    assert not list(tmp_path.glob("*.json"))


def test_landmarks_of_another_scheme_are_chosen_by_a_mapping(qtbot, tmp_path):
    with Project.create(tmp_path / "faces", Scheme.named("face68")) as project:
        dialog = ExportDialog(project.folder, project.name, project.scheme)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        choose(dialog.choices.landmarks, "mafl5")
        assert dialog.choice.mapping == "mafl5"
        looked(qtbot, dialog)
        assert not dialog.take.isEnabled()
        dialog.reject()


def test_the_labels_of_one_person_or_of_all_together_are_chosen(qtbot, tmp_path):
    with Project.create(tmp_path / "faces", Scheme.named("face68")) as project:
        dialog = ExportDialog(project.folder, project.name, project.scheme, people=("ada", "bob"))
    qtbot.addWidget(dialog)
    whose = dialog.choices.whose
    QTest.keyClicks(whose, "One")
    assert dialog.choice.consensus
    QTest.keyClick(whose, Qt.Key.Key_End)
    assert (dialog.choice.annotator, dialog.choice.consensus) == ("bob", False)
    dialog.reject()


def test_labels_of_others_are_left_out_for_that_reason(make_project, open_window, qtbot):
    project = make_project(labelled=4, untouched=0)
    twice = project.instances()[0]
    project.add_instance(twice.image_id, twice.box, shape=project.shape(twice.id), who="bob")
    dialog = asked_for(open_window(project))
    QTest.keyClicks(dialog.choices.whose, "Only those of bob")
    looked(qtbot, dialog)
    said = "Not complete: 4 objects of 5 left out: 4 by other people."
    assert said in dialog.panel.text.text()
    dialog.reject()


def test_nobody_is_asked_whose_labels_where_one_person_labelled(dialog):
    assert dialog.choices.whose.count() == 3
    assert dialog.choices.whose.isHidden()
    dialog.reject()


def test_every_key_of_a_row_is_one_and_no_sign_before_its_name(dialog):
    labels = dialog.choices.findChildren(QLabel)
    keyed = [label for label in labels if "&" in label.text()]
    assert len(keyed) >= 3
    assert not [label.text() for label in keyed if label.buddy() is None]
    dialog.reject()


def test_frames_become_files_where_the_format_cannot_name_them(qtbot):
    """With a video it opened with an error, until somebody found what to tick."""
    choices = ExportChoices(Scheme("kite", ("stem", "tip")), videos=True)
    qtbot.addWidget(choices)
    assert choices.choice(Path("labels.json")).frames
    told: list[bool] = []
    choices.changed.connect(lambda: told.append(choices.frames.isChecked()))
    choose(choices.format, "sleap")
    assert told[-1] is False
    choose(choices.format, "labelme")
    assert told[-1] is True


def test_what_somebody_said_of_frames_stays(qtbot):
    choices = ExportChoices(Scheme("kite", ("stem", "tip")), videos=True)
    qtbot.addWidget(choices)
    choose(choices.format, "sleap")
    QTest.keyClick(choices.frames, Qt.Key.Key_Space)
    choose(choices.format, "labelme")
    choose(choices.format, "sleap")
    assert choices.choice(Path("labels.slp")).frames
