"""The real window on real photographs: propose, click, others move, accept, undo, restart."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.session.finding.search import Search, SearchRecipe
from landmark_annotator.annotator.session.models.training import train_project
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

LABELLED = 20
WHO = "annotator"


def true_points(photograph: Path) -> Floats:
    """(68, 2) 0-based, read without the product's own reader."""
    lines = photograph.with_suffix(".pts").read_text().split("{")[1].split("}")[0].split("\n")
    return np.array([[float(v) for v in line.split()] for line in lines if line.strip()]) - 1


@pytest.fixture(scope="module")
def photographs(landmark_data: Path) -> list[Path]:
    return sorted((landmark_data / "faces68" / "helen-train").glob("*.jpg"))[: LABELLED + 3]


@pytest.fixture(scope="module")
def template(photographs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of twenty labelled faces and 3 photographs without labels and boxes."""
    folder = tmp_path_factory.mktemp("window")
    labelled, new = folder / "labelled", folder / "new"
    for place in (labelled, new):
        place.mkdir()
    for number, photograph in enumerate(photographs):
        shutil.copy(photograph, labelled if number < LABELLED else new)
        if number < LABELLED:
            shutil.copy(photograph.with_suffix(".pts"), labelled)
    with Project.create(folder / "faces", Scheme.named("face68")) as project:
        for source in (labelled, new):
            report = import_labels(project, source, who="import")
            assert report.unreadable == []
        states = [record.state for record in project.instances()]
    assert states == [InstanceState.ACCEPTED] * LABELLED + [InstanceState.UNTOUCHED] * 3
    return folder / "faces"


@pytest.fixture
def project_folder(template: Path, tmp_path: Path) -> Path:
    """A copy that one test may change. The photographs stay where they are."""
    return Path(shutil.copytree(template, tmp_path / "project" / "faces"))


class Annotator:
    """A person who knows the truth, at a window."""

    def __init__(self, project: Project, photographs: list[Path], qtbot) -> None:
        self.project, self.qtbot = project, qtbot
        self._photographs = {path.name: path for path in photographs}
        self.window = MainWindow(project, who=WHO, preferences=Preferences(learn=False))
        self.window.resize(1440, 900)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.window.start()

    @property
    def open_id(self) -> int:
        record = self.window.controller.record
        assert record is not None
        return record.id

    @property
    def points(self) -> Floats:
        view = self.window.controller.view
        assert view is not None
        return view.shape.points

    @property
    def truth(self) -> Floats:
        image = self.project.image(self.project.instance(self.open_id).image_id)
        return true_points(self._photographs[image.path.name])

    @property
    def error(self) -> float:
        """NME in percent of what the window shows."""
        distances = np.linalg.norm(self.points - self.truth, axis=1)
        return 100 * float(distances.mean() / np.linalg.norm(self.truth[36] - self.truth[45]))

    def wait_for(self, phase: Phase) -> None:
        self.qtbot.waitUntil(lambda: self.window.controller.phase is phase, timeout=60_000)

    def draw_box(self) -> None:
        self.wait_for(Phase.BOX)
        box = Box.square_around(self.truth, 1.05)
        (x, y), half = (box.centre_x, box.centre_y), box.side / 2
        canvas, left = self.window.canvas, Qt.MouseButton.LeftButton
        start, end = self.at(x - half, y - half), self.at(x + half, y + half)
        QTest.mousePress(canvas, left, pos=start)
        QTest.mouseMove(canvas, (start + end) / 2)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, left, pos=end)
        self.wait_for(Phase.READY)

    def click_asked(self) -> int:
        """Clicks the landmark that the window asks for where it really is; returns which."""
        asked = self.window.controller.asked
        assert asked is not None
        place, shift = self.at(*self.truth[asked]), Qt.KeyboardModifier.ShiftModifier
        QTest.mouseMove(self.window.canvas, place)
        QTest.mouseClick(self.window.canvas, Qt.MouseButton.LeftButton, shift, place)
        return asked

    def key(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.canvas, key, modifier)

    def at(self, x: float, y: float) -> QPoint:
        there = self.window.canvas.scene.viewport.to_screen(np.array([x, y]))
        return QPoint(*(round(float(v)) for v in there))

    def leave(self) -> None:
        self.window.close()
        self.project.close()


@pytest.fixture
def sit_down(project_folder: Path, photographs, qtbot, tmp_path, monkeypatch) -> Iterator:
    """Opens the project and its window, as often as it is called. Bugs fail the test."""
    log = tmp_path / "window.log"
    monkeypatch.setattr(messages, "log_path", lambda: log)
    # Here people draw their boxes: a finder that is quicker than they are is tested elsewhere.
    monkeypatch.setattr(SearchRecipe, "make", lambda recipe: Search("Boxes are drawn here."))
    people = []

    def sit() -> Annotator:
        people.append(Annotator(Project.open(project_folder), photographs, qtbot))
        return people[-1]

    yield sit
    for person in people:
        person.leave()
    assert not log.exists(), log.read_text()


def test_two_clicks_bring_every_landmark_of_a_real_face_nearer(sit_down):
    person = sit_down()
    person.draw_box()
    assert f"{LABELLED} labelled shapes" in person.window.status.model.toolTip()
    proposed, before = person.points.copy(), person.error
    clicked = {person.click_asked(), person.click_asked()}
    moved = np.linalg.norm(person.points - proposed, axis=1)
    assert len(clicked) == 2
    assert np.delete(moved, list(clicked)).min() > 0
    assert person.error < before


def test_a_session_of_three_faces_is_all_in_the_store_after_a_restart(sit_down):
    person = sit_down()
    expected, accepted = [], {}
    for _ in range(3):
        person.draw_box()
        expected.append((ActionKind.BOX, None))
        for _ in range(3):
            expected.append((ActionKind.CLICK, person.click_asked()))
        accepted[person.open_id] = person.points.copy()
        person.key(Qt.Key.Key_Return)
        expected.append((ActionKind.ACCEPT, None))
    person.leave()

    again = sit_down()
    entries = [entry for entry in again.project.journal() if entry.who == WHO]
    assert [(entry.kind, entry.landmark) for entry in entries] == expected
    clicks = [entry for entry in entries if entry.kind is ActionKind.CLICK]
    assert all(entry.proposed is not None and entry.duration is not None for entry in clicks)
    for instance_id, points in accepted.items():
        assert np.allclose(again.project.shape(instance_id).points, points)
    again.wait_for(Phase.READY)
    assert again.window.status.prompt.text().startswith("Accepted")


def test_undo_goes_on_after_a_restart_and_refunds_nothing(sit_down):
    person = sit_down()
    person.draw_box()
    person.click_asked()
    face = person.open_id
    person.key(Qt.Key.Key_Return)
    person.leave()

    again = sit_down()
    for _ in range(2):
        again.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert again.open_id == face
    again.wait_for(Phase.READY)
    assert not again.project.shape(face).known.any()
    assert again.project.instance(face).box is not None
    assert np.isfinite(again.points).all()
    assert again.project.spend(WHO).clicks == 1
    kinds = [entry.kind for entry in again.project.journal(face)]
    assert kinds == [
        ActionKind.BOX,
        ActionKind.CLICK,
        ActionKind.ACCEPT,
        ActionKind.UNDO,
        ActionKind.UNDO,
    ]


@pytest.mark.usefixtures("short_epochs", "uncompared")
def test_a_trained_network_proposes_in_the_window(sit_down, project_folder):
    with Project.open(project_folder, read_only=True) as project:
        train_project(project, "exemplar", {"epochs": 1, "size": 32, "levels": 1}, SILENT)
    person = sit_down()
    person.draw_box()
    view = person.window.controller.view
    assert view.backend == "exemplar"
    assert isinstance(view.shape, Shape)
    person.click_asked()
    person.key(Qt.Key.Key_Return)
    assert person.project.spend(WHO).clicks == 1
