"""The landmarks and regions of a new project: typed, drawn on a photograph, built in."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from landmark_annotator.annotator.gui.schemes.dialog import NewSchemeDialog
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, Region, Scheme
from landmark_annotator.projects.vocabulary.region import region_set
from tests.gui.start.wizard_steps import PATIENCE_MS, finish, next_page, to_labels, type_names
from tests.unit.projects.video.encoded import encode


def test_landmarks_are_drawn_on_the_first_photograph(wizard, qtbot):
    next_page(wizard)
    wizard.landmarks.ways["drawn"].setChecked(True)
    next_page(wizard)  # opens what it is drawn in, where nothing is drawn yet
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


def test_labels_that_the_landmarks_came_from_are_offered_as_labels_once(wizard, qtbot, tmp_path):
    """Whoever came from another program had to name the same folder twice."""
    labels = tmp_path / "labelme"
    labels.mkdir()
    shapes = [
        {"label": name, "points": [[x, 5.0]], "shape_type": "point", "group_id": None}
        for name, x in (("left end", 2.0), ("right end", 9.0))
    ]
    content = {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": "a.png"}
    (labels / "a.json").write_text(json.dumps(content))
    next_page(wizard)
    wizard.landmarks.ways["file"].setChecked(True)
    wizard.landmarks.file.show_path(labels)
    next_page(wizard)
    next_page(wizard)
    assert wizard.labels.source.path == labels
    qtbot.waitUntil(lambda: not wizard.labels.panel.looking, timeout=PATIENCE_MS)
    wizard.labels.source.show_path(None)
    for _ in range(2):
        wizard.back.click()
    next_page(wizard)
    next_page(wizard)
    assert wizard.labels.source.path is None


def test_a_scheme_file_is_not_offered_as_labels(wizard, tmp_path):
    toml = 'name = "ends"\nlandmarks = ["left end", "right end"]\n'
    (tmp_path / "ends.toml").write_text(toml)
    (tmp_path / "ends.txt").write_text("left end\nright end\n")
    for name in ("ends.toml", "ends.txt"):
        wizard.landmarks.ways["file"].setChecked(True)
        wizard.landmarks.file.show_path(tmp_path / name)
        assert wizard.landmarks.labels_file is None


def test_typed_names_are_called_as_the_project_where_nobody_names_them(wizard, qtbot):
    wizard.photographs.name.setText("twigs")
    next_page(wizard)
    wizard.landmarks.ways["typed"].setChecked(True)
    assert wizard.landmarks.name.placeholderText() == "Name of the scheme: twigs"
    wizard.landmarks.names.setPlainText("left end\nright end")
    assert wizard.landmarks.seen.text().startswith("2 landmarks")
    next_page(wizard)
    assert wizard.landmarks.scheme.name == "twigs"
    wizard.landmarks.name.setText("ends")
    wizard.back.click()
    next_page(wizard)
    assert wizard.landmarks.scheme.name == "ends"


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


def test_of_many_landmarks_the_first_are_named_and_no_dot_follows_the_dots(wizard):
    next_page(wizard)
    type_names(wizard)
    wizard.landmarks.names.setPlainText("\n".join("abcdefghi"))
    choice = wizard.landmarks.regions.choice
    choice.setCurrentIndex(choice.findText("Face parts (16 regions)"))
    assert wizard.landmarks.seen.text() == (
        "9 landmarks: a, b, c, d, e, f, g, h, \N{HORIZONTAL ELLIPSIS} Masks of 16 regions"
    )


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
