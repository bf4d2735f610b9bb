"""The wizard of a new project: every mistake is told on its page, and nothing half-made stays."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from landmark_annotator.annotator.gui.schemes.dialog import NewSchemeDialog
from landmark_annotator.annotator.gui.start import wizard as wizard_module
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Region, Scheme
from landmark_annotator.projects.vocabulary.errors import DiskFull
from landmark_annotator.projects.vocabulary.region import region_set
from tests.unit.projects.video.encoded import encode

PATIENCE_MS = 60_000
NAMES = "left end\nright end\nmiddle"


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Two images with .pts beside them, one of which has a point too few, and one without."""
    folder = tmp_path / "leaves"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.full((40, 60, 3), 40 * number, np.uint8)).save(folder / f"{number}.png")
    for number, count in ((0, 3), (1, 2)):
        lines = "\n".join(f"{10 + 9 * i} {15 + i}" for i in range(count))
        (folder / f"{number}.pts").write_text(f"version: 1\nn_points: {count}\n{{\n{lines}\n}}\n")
    return folder


@pytest.fixture
def wizard(qtbot, photographs):
    wizard = NewProjectWizard("somebody", photographs)
    qtbot.addWidget(wizard, before_close_func=lambda w: w.close_threads())
    with qtbot.waitActive(wizard):
        wizard.show()
        wizard.activateWindow()
    return wizard


def next_page(wizard: NewProjectWizard) -> None:
    wizard.next.click()


def type_names(wizard: NewProjectWizard) -> None:
    wizard.landmarks.ways["typed"].setChecked(True)
    wizard.landmarks.name.setText("ends")
    wizard.landmarks.names.setPlainText(NAMES)


def to_labels(wizard: NewProjectWizard, *, box: str = "drawn") -> None:
    next_page(wizard)
    type_names(wizard)
    next_page(wizard)
    wizard.boxes.ways[box].setChecked(True)
    next_page(wizard)


def finish(wizard: NewProjectWizard, qtbot) -> Path:
    with qtbot.waitSignal(wizard.made, timeout=PATIENCE_MS) as made:
        wizard.next.click()
    return made.args[0]


def look(wizard: NewProjectWizard, qtbot, source: Path) -> None:
    wizard.labels.source.show_path(source)
    qtbot.waitUntil(lambda: not wizard.labels.panel.looking, timeout=PATIENCE_MS)


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


def test_landmarks_are_drawn_on_the_first_photograph(wizard, qtbot):
    next_page(wizard)
    wizard.landmarks.ways["drawn"].setChecked(True)
    next_page(wizard)
    assert "No scheme is drawn yet" in wizard.landmarks.problem.text.text()

    wizard.landmarks.draw.click()
    dialog = wizard.landmarks.findChild(NewSchemeDialog)
    qtbot.waitUntil(lambda: dialog.draft.now.ground is not None, timeout=PATIENCE_MS)
    picture = dialog.editor.picture
    for step in (-60, 0, 60):
        place = picture.rect().center() + QPoint(step, step // 2)
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=place)
    dialog.ok.click()
    assert wizard.landmarks.seen.text().startswith("3 landmarks")

    next_page(wizard)
    wizard.boxes.ways["whole"].setChecked(True)
    next_page(wizard)
    folder = finish(wizard, qtbot)
    with Project.open(folder) as project:
        assert len(project.scheme) == 3
        assert Scheme.load(folder / "scheme_1.toml") == project.scheme


def drawn_on_the_first_photograph(wizard, qtbot) -> None:
    """Three landmarks, clicked on it; the wizard is at the page of boxes."""
    next_page(wizard)
    wizard.landmarks.ways["drawn"].setChecked(True)
    wizard.landmarks.draw.click()
    dialog = wizard.landmarks.findChild(NewSchemeDialog)
    qtbot.waitUntil(lambda: dialog.draft.now.ground is not None, timeout=PATIENCE_MS)
    picture = dialog.editor.picture
    for x, y in ((10, 10), (40, 10), (25, 30)):
        place = picture.viewport.to_screen(np.array([x, y])).round().astype(int).tolist()
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(*place))
    dialog.ok.click()
    qtbot.waitUntil(lambda: wizard.landmarks.findChild(NewSchemeDialog) is None)
    next_page(wizard)


def test_the_clicks_that_draw_a_scheme_are_the_first_labels_of_their_photograph(wizard, qtbot):
    drawn_on_the_first_photograph(wizard, qtbot)
    assert "0.png" in wizard.landmarks.seen.text()
    next_page(wizard)
    with Project.open(finish(wizard, qtbot)) as project:
        first, *others = project.instances()
        shape = project.shape(first.id)
        assert first.state is InstanceState.STARTED
        assert first.box is not None
        np.testing.assert_allclose(shape.points, [[10, 10], [40, 10], [25, 30]], atol=0.5)
        assert set(shape.provenance) == {Provenance.CLICKED}
        assert project.spend().clicks == 3
        clicks = [one for one in project.journal(first.id) if one.kind is ActionKind.CLICK]
        assert all(one.duration for one in clicks)
        assert sum(one.duration for one in clicks) == pytest.approx(project.spend().seconds)
        assert {record.state for record in others} == {InstanceState.UNTOUCHED}


def test_a_scheme_that_is_drawn_on_keeps_its_places_and_another_way_has_no_labels(wizard, qtbot):
    drawn_on_the_first_photograph(wizard, qtbot)
    wizard.back.click()
    wizard.landmarks.draw.click()
    dialog = wizard.landmarks.findChild(NewSchemeDialog)
    qtbot.waitUntil(lambda: dialog.draft.now.ground is not None, timeout=PATIENCE_MS)
    assert np.isfinite(dialog.draft.now.points).all()
    assert dialog.draft.now.seconds.all()
    dialog.reject()
    type_names(wizard)
    for _ in range(2):
        next_page(wizard)
    with Project.open(finish(wizard, qtbot)) as project:
        assert {record.state for record in project.instances()} == {InstanceState.UNTOUCHED}


# Regions


def test_regions_that_are_built_in_are_chosen_for_the_project(wizard, qtbot):
    choice = wizard.landmarks.regions.choice
    choice.setCurrentIndex(choice.findText("Face parts (16 regions)"))
    to_labels(wizard)
    with Project.open(finish(wizard, qtbot), read_only=True) as project:
        assert project.scheme.regions == region_set("face_parts")


def test_regions_are_edited_before_the_project_is_made_and_written_beside_it(wizard, qtbot):
    next_page(wizard)
    type_names(wizard)
    QTest.mouseClick(wizard.landmarks.regions.edit, Qt.MouseButton.LeftButton)
    dialog = wizard.landmarks.regions.dialog
    dialog.list.add()
    editor = dialog.list.table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "blade")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.regions == (Region("blade"),))
    dialog.ok.click()
    assert wizard.landmarks.seen.text().endswith("Masks of 1 region")
    next_page(wizard)
    next_page(wizard)
    folder = finish(wizard, qtbot)
    assert Scheme.load(folder / "scheme_1.toml").regions == (Region("blade"),)


def test_a_project_can_begin_with_a_video_whose_first_frame_is_drawn_on(qtbot, tmp_path):
    video = encode(tmp_path / "clip.mp4", 12)
    wizard = NewProjectWizard("somebody", video)
    qtbot.addWidget(wizard, before_close_func=lambda w: w.close_threads())
    wizard.show()
    page = wizard.photographs
    qtbot.waitUntil(lambda: page.fields.held.text().startswith("12 frames"), timeout=PATIENCE_MS)
    assert page.name.text() == "clip"
    page.fields.count.setValue(3)
    page.fields.different.setChecked(False)
    drawn_on_the_first_photograph(wizard, qtbot)
    next_page(wizard)
    with Project.open(finish(wizard, qtbot)) as project:
        assert [(image.path, image.frame) for image in project.images()] == [
            (video, frame) for frame in (0, 2, 6, 10)
        ]
        first = project.shape(project.instances()[0].id)
        np.testing.assert_allclose(first.points, [[10, 10], [40, 10], [25, 30]], atol=0.5)


@pytest.fixture
def dressed(qapp):
    """As the program is, which stands closer in tests."""
    themes.apply(qapp, "dark", 100)
    yield
    themes.apply(qapp)


def test_what_typed_names_come_to_is_seen_without_scrolling(dressed, wizard, qtbot):
    next_page(wizard)
    page = wizard.landmarks
    page.ways["typed"].setChecked(True)
    page.name.setText("mouse")
    page.names.setPlainText("nose\nleft ear\nright ear\nspine\ntail\nleft paw\nright paw")
    assert page.seen.text().startswith("7 landmarks")
    wizard.resize(760, 560)  # its letters are smaller here than on most screens
    qtbot.waitUntil(lambda: page.seen.visibleRegion().boundingRect() == page.seen.rect())
    assert page.names.verticalScrollBar().maximum() == 0
