"""Images and labels come into the open project by dropping or choosing, after a look at them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme

PATIENCE_MS = 60_000


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Two more images, one with labels beside it, and a .pts of nothing."""
    folder = tmp_path / "more"
    folder.mkdir()
    for number in range(2):
        Image.fromarray(np.full((90, 120, 3), 60 + number, np.uint8)).save(
            folder / f"m{number}.png"
        )
    lines = "\n".join(f"{20 + 9 * i} {30 + 5 * (i % 3)}" for i in range(6))
    (folder / "m0.pts").write_text(f"version: 1\nn_points: 6\n{{\n{lines}\n}}\n")
    (folder / "m1.pts").write_text("")
    return folder


def drop(window, *paths: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            dropped,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def looked_at(hands) -> ImportDialog:
    """The dialog, once it has looked at what was dropped."""
    [dialog] = hands.window.findChildren(ImportDialog)
    hands.qtbot.waitUntil(
        lambda: dialog.panel.preview is not None or not dialog.panel.problem.isHidden(),
        timeout=PATIENCE_MS,
    )
    return dialog


def test_while_a_path_is_typed_it_says_how_to_see_what_would_come_in(hands, more):
    drop(hands.window, more)
    dialog = looked_at(hands)
    dialog.source.setFocus()
    hands.qtbot.keyClick(dialog.source, Qt.Key.Key_Backspace)
    assert not dialog.take.isEnabled()
    assert "Enter" in dialog.panel.text.text()
    hands.qtbot.keyClicks(dialog.source, "e")
    hands.qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    looked_at(hands)
    assert dialog.take.isEnabled()


def test_what_is_dropped_is_shown_before_anything_is_written(hands, more):
    before = len(hands.window.project.instances())
    drop(hands.window, more)
    dialog = looked_at(hands)
    assert "300-W points" in dialog.panel.text.text()
    assert dialog.panel.listed.item(0).text().startswith("m1.pts")
    assert len(hands.window.project.instances()) == before
    dialog.reject()


def test_what_is_left_out_is_announced_right_above_its_list(hands, more):
    labels = more / "m0.pts"
    labels.write_text(labels.read_text().replace("20 30", "9000 30"))
    drop(hands.window, more)
    dialog = looked_at(hands)
    assert "far outside" in dialog.panel.text.text()
    assert dialog.panel.text.text().endswith("left out would be:")
    dialog.reject()


def test_taken_it_is_imported_beside_the_labelling_and_listed(hands, more):
    model = hands.window.label_page.list_model
    rows, open_id = model.rowCount(), hands.open_id
    drop(hands.window, more)
    looked_at(hands).take.click()
    hands.qtbot.waitUntil(lambda: model.rowCount() > rows, timeout=PATIENCE_MS)
    states = [record.state for record in hands.window.project.instances()[rows:]]
    assert states[0] is InstanceState.ACCEPTED
    assert hands.open_id == open_id
    hands.qtbot.waitUntil(lambda: not hands.window.work.importing.running, timeout=PATIENCE_MS)
    hands.window.controller.open(hands.order[rows])
    hands.wait_for()


def test_into_an_empty_project_the_first_image_is_opened(more, tmp_path, open_window):
    scheme = Scheme("six", tuple("abcdef"))
    with Project.create(tmp_path / "empty", scheme) as project:
        hands = open_window(project)
        drop(hands.window, more)
        looked_at(hands).take.click()
        hands.qtbot.waitUntil(
            lambda: hands.window.controller.record is not None, timeout=PATIENCE_MS
        )
        hands.wait_for()
        hands.window.close()


def test_what_is_no_label_file_is_told_of_in_the_dialog(hands, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    drop(hands.window, tmp_path / "notes.txt")
    dialog = looked_at(hands)
    assert "no labels or images" in dialog.panel.problem.text.text()
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_a_dropped_project_is_to_be_opened(hands, make_project):
    other = make_project(labelled=1, untouched=0, name="other")
    with hands.qtbot.waitSignal(hands.window.open_wanted) as opened:
        drop(hands.window, other.folder)
    assert opened.args == [other.folder]


def test_several_files_are_dropped_at_once(hands, more):
    model = hands.window.label_page.list_model
    rows = model.rowCount()
    drop(hands.window, *sorted(more.glob("m?.png")), more / "m0.pts")
    dialog = looked_at(hands)
    assert "images without labels (1)" in dialog.panel.text.text()
    assert "1 object with landmarks would come in." in dialog.panel.text.text()
    dialog.take.click()
    hands.qtbot.waitUntil(lambda: model.rowCount() == rows + 2, timeout=PATIENCE_MS)


def test_another_choice_is_looked_at_anew(hands, more):
    drop(hands.window, more)
    dialog = looked_at(hands)
    dialog.choices.proposals.click()
    hands.qtbot.waitUntil(lambda: dialog.panel.preview is not None, timeout=PATIENCE_MS)
    assert "for a person to confirm" in dialog.panel.text.text()
    assert not dialog.choices.annotator.isEnabled()
    dialog.reject()


def test_the_mappings_of_the_projects_scheme_can_be_chosen(qtbot, tmp_path):
    dialog = ImportDialog(tmp_path, Scheme.named("face68"))
    qtbot.addWidget(dialog)
    names = [dialog.choices.landmarks.itemText(i) for i in range(4)]
    assert names[0] == "All 68 of face68, as in this project"
    assert "mafl5: 5 landmarks" in names
    chosen = dialog.choices.landmarks.findData("mafl5")
    dialog.choices.landmarks.setCurrentIndex(chosen)
    dialog.choices.landmarks.activated.emit(chosen)
    assert dialog.choices.choice.mapping == "mafl5"
