"""A real window on a real project of small drawn images, and hands to use it with."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from shutil import copytree
from sqlite3 import connect

# A window needs no screen: Qt's offscreen platform unless the caller chose another.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.groups import project_groups
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Entry, InstanceState, Project
from landmark_annotator.projects.store.opening import DATABASE_NAME
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

WHO = "somebody"
SIZE = (240, 200)
KITE = Scheme(
    "kite",
    ("top", "right", "bottom", "left", "centre", "tail"),
    edges=((0, 1), (1, 2), (2, 3), (3, 0), (2, 5)),
    partners=((1, 3),),
    normaliser=(1, 3),
)


def kite(rng: np.random.Generator) -> np.ndarray:
    """(6, 2) corners of a kite: wide or narrow, leaning, somewhere near the image's middle."""
    wide, high, lean = rng.uniform(25, 45), rng.uniform(40, 60), rng.normal(0, 4)
    corners = np.array(
        [[lean, -high], [wide, 0], [0, high], [-wide, 0], [0, 0], [-lean, high + 15]]
    )
    return corners + np.array([120, 95]) + rng.normal(0, 4, 2)


@pytest.fixture(autouse=True)
def _known_priors(
    qapp: QApplication, known_priors: None, few_looks: None, few_judged: None
) -> None:
    """In every test here."""


@pytest.fixture(autouse=True)
def _no_button_stays_down(qapp: QApplication) -> Iterator[None]:
    """A press without its release, or a lone double click, is held in every later test too: where
    a button is down, nothing shows what has the keyboard."""
    yield
    for button in (
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.MiddleButton,
        Qt.MouseButton.RightButton,
    ):
        if QApplication.mouseButtons() & button:
            QTest.mouseRelease(QWidget(), button)
    assert QApplication.mouseButtons() == Qt.MouseButton.NoButton


def make_kites(
    place: Path, labelled: int, untouched: int, boxes: bool, name: str, scheme: Scheme
) -> None:
    """A project in `place`, and its images beside it."""
    rng = np.random.default_rng(7)
    with Project.create(place / name, scheme) as project, project.transaction():
        for number in range(untouched + labelled):
            path = place / f"{name}_{number:02}.png"
            tiles = rng.integers(60, 190, (SIZE[1] // 20, SIZE[0] // 20, 3), dtype=np.uint8)
            pixels = tiles.repeat(20, axis=0).repeat(20, axis=1)
            Image.fromarray(pixels).save(path)
            shape = Shape(kite(rng)).with_provenance(Provenance.IMPORTED)
            image = project.add_image(path, examine(path))
            project.add_instance(
                image.id,
                Box.square_around(shape.points, 1.1) if boxes or number >= untouched else None,
                shape=shape if number >= untouched else None,
                source=path.name,
                who="import",
            )


@pytest.fixture(scope="session")
def kites_at(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A folder as of `make_kites`, made once of each kind: to copy it takes a tenth of the time."""

    @cache
    def folder(labelled: int, untouched: int, boxes: bool, name: str, scheme: Scheme) -> Path:
        place = tmp_path_factory.mktemp("kites")
        make_kites(place, labelled, untouched, boxes, name, scheme)
        with Project.open(place / name) as project:
            project_groups(project)  # keeps what is seen of the images
        return place

    return folder


@pytest.fixture
def make_project(tmp_path: Path, kites_at: Callable[..., Path]) -> Iterator[Callable[..., Project]]:
    """Makes a project with so many accepted kites and so many that nobody has touched.

    boxes: whether the untouched ones have a box.
    """
    made = []

    def make(
        labelled: int = 12,
        untouched: int = 3,
        *,
        boxes: bool = True,
        name: str = "kites",
        scheme: Scheme = KITE,
    ) -> Project:
        kind = labelled, untouched, boxes, name, scheme
        if (tmp_path / name).exists():  # with the address of a server
            make_kites(tmp_path, *kind)
        else:
            place = kites_at(*kind)
            copytree(place, tmp_path, dirs_exist_ok=True)
            with closing(connect(tmp_path / name / DATABASE_NAME)) as database, database:
                here = f"{place.as_posix()}/", f"{tmp_path.as_posix()}/"
                database.execute("UPDATE images SET path = replace(path, ?, ?)", here)
        project = Project.open(tmp_path / name)
        made.append(project)
        return project

    yield make
    for project in made:
        project.close()


@pytest.fixture
def put_away() -> Callable[[Windows], None]:
    """Closes, and the last window goes too, which the program leaves to its end: else every later
    change of letters or colours would be of one more window that nobody sees."""

    def close(windows: Windows) -> None:
        last = windows.window
        windows.close()
        if last is not None:
            last.deleteLater()
        # A turn of the event loop does so only where it is deeper than the one that asked for it.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return close


class Hands:
    """Uses a window as a person does: with mouse and key events."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window = window
        self.canvas = window.canvas
        self.qtbot = qtbot

    def wait_for(self, phase: Phase = Phase.READY) -> None:
        """READY: with the proposal of the model that proposes from now on."""
        self.qtbot.waitUntil(lambda: self.window.controller.phase is phase, timeout=20_000)
        if phase is Phase.READY:
            self.qtbot.waitUntil(self._up_to_date, timeout=60_000)

    def _up_to_date(self) -> bool:
        preparation, record = self.window.preparation, self.window.controller.record
        known = (
            record is None or not preparation.waits(record.id) or preparation.in_hands(record.id)
        )
        return preparation.settled and known

    def at(self, x: float, y: float) -> QPoint:
        """Where an image pixel is on the canvas."""
        there = self.canvas.scene.viewport.to_screen(np.array([x, y]))
        return QPoint(*(round(float(v)) for v in there))

    def free_place(self) -> tuple[float, float]:
        """An image pixel with no landmark near it, where the asked one may be put."""
        points, asked = self.points, self.window.controller.asked
        around = points[asked] + [(dx, dy) for dx in (-14, 0, 14) for dy in (-14, 0, 14)]
        distances = np.linalg.norm(around[:, None] - points[None], axis=2).min(axis=1)
        x, y = around[int(np.argmax(distances))].round()
        return float(x), float(y)

    def click(
        self, x: float, y: float, modifier=Qt.KeyboardModifier.NoModifier
    ) -> tuple[float, float]:
        """Clicks an image pixel; returns what the click says, to the screen's precision."""
        place = self.at(x, y)
        QTest.mouseMove(self.canvas, place)
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, modifier, place)
        # Longer than a double click takes, so that the next one is a click of its own.
        QTest.qWait(1)
        return self.canvas.scene.image_point(QPointF(place))

    def rest_cursor(self, place: QPoint) -> None:
        """And told of it without a turn of the event loop, in which the window system may take the
        cursor away again: windows of earlier tests come and go."""
        there = self.canvas.mapToGlobal(place)
        QCursor.setPos(there)
        QApplication.processEvents()
        none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        kind = QEvent.Type.MouseMove
        moved = QMouseEvent(kind, QPointF(place), QPointF(there), none, none, no_key)
        QApplication.sendEvent(self.canvas, moved)

    def press(self, x: float, y: float, button=Qt.MouseButton.LeftButton) -> None:
        QTest.mousePress(self.canvas, button, Qt.KeyboardModifier.NoModifier, self.at(x, y))

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.canvas, self.at(x, y))
        QApplication.processEvents()

    def release(self, x: float, y: float, button=Qt.MouseButton.LeftButton) -> None:
        QTest.mouseRelease(self.canvas, button, Qt.KeyboardModifier.NoModifier, self.at(x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.press(*start)
        for share in (0.3, 0.7, 1.0):
            self.move(*(np.array(start) + share * (np.array(end) - start)))
        self.release(*end)

    def wheel(self, x: float, y: float, notches: int) -> None:
        place = QPointF(self.at(x, y))
        event = QWheelEvent(
            place,
            QPointF(self.canvas.mapToGlobal(place.toPoint())),
            QPoint(0, 0),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def key(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        # Shortcuts work in the active window alone; a dialog of an earlier test may just have gone.
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)
        QTest.keyClick(self.canvas, key, modifier)

    @property
    def points(self) -> np.ndarray:
        view = self.window.controller.view
        assert view is not None
        return view.shape.points

    @property
    def open_id(self) -> int:
        record = self.window.controller.record
        assert record is not None
        return record.id

    @property
    def order(self) -> list[int]:
        """The ids of all instances, in the project's order."""
        return [row.instance_id for row in self.window.project.queue(excluded=True)]

    @property
    def entries(self) -> list[Entry]:
        """What this person did, from the journal."""
        return [entry for entry in self.window.project.journal() if entry.who == WHO]

    @property
    def text(self) -> str:
        return self.window.status.prompt.text()

    def state(self, instance_id: int) -> InstanceState:
        return self.window.project.instance(instance_id).state


@pytest.fixture
def open_window(qtbot, tmp_path, monkeypatch) -> Iterator[Callable[[Project], Hands]]:
    """Opens a window on a project as `run` does, and closes it at the end.

    A report of a bug that a test did not ask for is a failure of that test.
    """
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    # Else every acceptance here would begin a real training: a dozen kites are enough for one.
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training_schedule.project_training_due",
        lambda project: False,
    )
    # The kites lie about alike; what a window does with that has tests of its own.
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.finding.search.usual_box_of", lambda project: None
    )
    windows = []

    def open_one(
        project: Project,
        start: bool = True,
        preferences: Preferences | None = None,
        before_close: Callable[[object], None] | None = None,
    ) -> Hands:
        window = MainWindow(project, who=WHO, preferences=preferences)
        windows.append(window)
        if preferences is None or not preferences.window:
            # The screen of the offscreen platform is smaller than people's.
            window.resize(1440, 900)
        qtbot.addWidget(window, before_close_func=before_close)
        close = project.close

        def close_both() -> None:
            window.close()
            close()

        # As in the program, a window goes before its project: also where a test opens that itself.
        monkeypatch.setattr(project, "close", close_both)
        # Keys reach only the active window, and activation takes a turn of the event loop.
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if start:
            window.start()
        return Hands(window, qtbot)

    yield open_one
    for window in windows:
        window.close()
    log = tmp_path / "window.log"
    assert not log.exists(), log.read_text()


@pytest.fixture
def hands(make_project, open_window) -> Hands:
    """At a window on twelve accepted kites and three new ones; the first new one is proposed."""
    hands = open_window(make_project())
    hands.wait_for(Phase.READY)
    return hands
