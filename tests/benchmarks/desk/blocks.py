"""How long the window's thread is held at a time, over a scripted hour with all that it has.

Real events, without the pauses of a person: every page is opened twice, images are labelled by
clicks, a box is drawn, steps are undone, a name is searched, labels are imported, and a network is
trained beside it all and proposes in the end.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.window.page_table import PAGES
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.benchmarks.desk.faces import label_files
from tests.benchmarks.desk.hand import Hand

_WORST = 10
_PATIENCE_S = 900.0
_PAGE_S = 20.0
"""That a page is looked at, at most, while it is still being measured or has nothing to show."""
_IDLE_S = 10.0
_SPIN_S = 0.005
_CLICKS = 3
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Block:
    """Seconds that the event loop did not turn, by the clock and of the window's thread."""

    step: str
    clock: float
    processor: float


class _Watch:
    """Measures every event that it sends and every turn of the loop between them."""

    def __init__(self) -> None:
        self.step = ""
        self.blocks: list[Block] = []

    def do(self, gesture: Callable[[], object]) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        gesture()
        spent = time.perf_counter() - clock, time.thread_time() - processor
        self.blocks.append(Block(self.step, *spent))

    def turn(self) -> None:
        self.do(QApplication.processEvents)

    def wait(self, ready: Callable[[], bool], seconds: float = _PATIENCE_S) -> bool:
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            self.turn()
            time.sleep(0.001)
        return ready()

    def rest(self, seconds: float) -> None:
        self.wait(lambda: False, seconds)


def block_figures(folder: Path, truth: dict[int, Floats], images: int) -> tuple[Figures, list[str]]:
    """The figures, and the worst ten of what held the window's thread, by the names of steps."""
    watch = _Watch()
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.resize(1440, 900)
        window.show()
        desk = _Desk(window, watch, truth)
        desk.session(images)
        watch.step = "closing"
        # A closed window is no longer waited for.
        window.close()
    worst = sorted(watch.blocks, key=lambda block: -block.clock)[:_WORST]
    working = max(block.processor for block in watch.blocks)
    told = [
        f"{block.step}: {1000 * block.clock:.0f} ms, {1000 * block.processor:.0f} of them its own"
        for block in worst
    ]
    return {
        "desk/longest_block_ms": round(1000 * worst[0].clock, 1),
        "desk/longest_block_processor_ms": round(1000 * working, 1),
        "desk/longest_block_idle_ms": round(1000 * _idle_seconds(), 1),
        "desk/blocks_over_50_ms": sum(block.clock > 0.05 for block in watch.blocks),
        "desk/turns": len(watch.blocks),
    }, told


def _idle_seconds() -> float:
    """What the machine alone adds to 5 ms of arithmetic, at most, while nothing else happens."""
    end, longest = time.monotonic() + _IDLE_S, 0.0
    while time.monotonic() < end:
        clock, processor = time.perf_counter(), time.thread_time()
        while time.thread_time() - processor < _SPIN_S:
            pass
        longest = max(longest, time.perf_counter() - clock - _SPIN_S)
        time.sleep(0.001)
    return longest


def _settled(page: Page) -> bool:
    return page.settled


class _Desk:
    """One person's hour."""

    def __init__(self, window: MainWindow, watch: _Watch, truth: dict[int, Floats]) -> None:
        self._window, self._watch, self._truth = window, watch, truth
        self._hand = Hand(window)

    def session(self, images: int) -> None:
        watch, window = self._watch, self._window
        watch.step = "opening the project"
        watch.do(window.start)
        watch.wait(self._hand.ready)
        watch.step = "starting a training"
        watch.do(window.actions_by_name["train"].trigger)
        for number in range(images):
            self._label()
            if number == images // 3:
                self._pages("first")
            if number == images // 2:
                self._draw_a_box()
                self._undo_and_redo()
                self._search()
                self._import()
        self._pages("second")
        watch.step = "the training and its end"
        watch.wait(lambda: not window.work.training.running)
        watch.rest(3.0)
        self._label()
        self._pages("third")

    def _label(self) -> None:
        watch, controller = self._watch, self._window.controller
        watch.step = "waiting for a proposal"
        watch.wait(self._hand.ready)
        record = controller.record
        assert record is not None
        for _ in range(_CLICKS if record.id in self._truth else 0):
            asked = controller.asked
            if asked is None:
                break
            place = self._hand.at(self._truth[record.id][asked])
            watch.step = "a click"
            shift = Qt.KeyboardModifier.ShiftModifier
            canvas, left = self._window.canvas, Qt.MouseButton.LeftButton
            watch.do(partial(QTest.mouseMove, canvas, place))
            watch.do(partial(QTest.mousePress, canvas, left, shift, place))
            watch.do(partial(QTest.mouseRelease, canvas, left, shift, place))
            watch.step = "after a click"
            watch.rest(0.1)
        watch.step = "accepting"
        self._key(Qt.Key.Key_Return)
        watch.step = "after accepting"
        watch.rest(0.2)

    def _pages(self, time_of: str) -> None:
        window, watch = self._window, self._watch
        for page in (*PAGES[1:], PAGES[0]):
            watch.step = f"{page.title}, the {time_of} time"
            digit = Qt.Key(Qt.Key.Key_1 + [p.name for p in PAGES].index(page.name))
            watch.do(partial(QTest.keyClick, window, digit, CONTROL))
            shown = window.pages.page(page.name)
            watch.wait(partial(_settled, shown), _PAGE_S)
            watch.rest(0.3)

    def _draw_a_box(self) -> None:
        watch, canvas = self._watch, self._window.canvas
        record = self._window.controller.record
        assert record is not None
        assert record.box is not None
        corners = [self._hand.at(c) for c in record.box.to_image(np.array([[-0.5] * 2, [0.5] * 2]))]
        watch.step = "drawing a box"
        self._key(Qt.Key.Key_B)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        watch.do(partial(QTest.mousePress, canvas, left, none, corners[0]))
        for share in (0.3, 0.7, 1.0):
            there = corners[0] + (corners[1] - corners[0]) * share
            watch.do(partial(QTest.mouseMove, canvas, there))
            watch.turn()
        watch.do(partial(QTest.mouseRelease, canvas, left, none, corners[1]))
        watch.wait(lambda: self._window.controller.phase is Phase.READY, 60.0)

    def _undo_and_redo(self) -> None:
        for step, key in (("undo", Qt.Key.Key_Z), ("redo", Qt.Key.Key_Y)):
            for _ in range(3):
                self._watch.step = step
                self._key(key, CONTROL)
                self._watch.rest(0.1)

    def _search(self) -> None:
        watch, browser = self._watch, self._window.label_page.browser
        watch.step = "searching"
        self._key(Qt.Key.Key_F, CONTROL)
        for letter in "1":
            watch.do(partial(QTest.keyClicks, browser.name, letter))
            watch.rest(0.3)
        watch.do(partial(QTest.keyClick, browser.name, Qt.Key.Key_Escape))
        watch.rest(0.3)

    def _import(self) -> None:
        watch, window = self._watch, self._window
        watch.step = "the import dialog"
        source = label_files("lfpw-train")[:20]
        watch.do(lambda: window.work.choose(source))
        [dialog] = window.findChildren(ImportDialog)
        watch.wait(dialog.take.isEnabled, 60.0)
        watch.step = "importing"
        watch.do(dialog.take.click)
        watch.wait(lambda: not window.work.importing.running)
        watch.rest(0.5)

    def _key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self._watch.do(partial(QTest.keyClick, self._window.canvas, key, modifier))
        self._watch.turn()
