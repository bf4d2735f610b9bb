"""Random gestures: keys, clicks, drags, wheels, pages, dialogs; the same ones for the same seed."""

import random
import string
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.window.action_table import ACTIONS
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.window.page_table import PAGES

_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_NONE = Qt.KeyboardModifier.NoModifier
_MODIFIERS = (
    _NONE,
    _NONE,
    _NONE,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS = (
    *(Qt.Key(ord(digit)) for digit in string.digits),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_BracketLeft, Qt.Key.Key_Comma),
    *(Qt.Key.Key_H, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Menu, Qt.Key.Key_Tab),
)
"""What hands do with keys that are no action."""
_TEXTS = ("", "a", "kite_01", "3", "-1", "1e9", "0.5", " ", "<b>x</b>", "\N{SNOWMAN}", "top", "%d")
_LEAVING = ("quit", "close", "new", "open")
"""Actions that leave the window."""
_HEAVY = ("train", "propose")
"""What runs for seconds beside the window."""


class Hands:
    """At whatever window is open. folder: where files are that dialogs may ask for.

    window: gives the present one.
    """

    def __init__(
        self, seed: int, window: Callable[[], QWidget], folder: Path, *, heavy: bool
    ) -> None:
        self.dice = random.Random(seed)
        self._window, self._folder, self._heavy = window, folder, heavy
        kinds: dict[Callable[[], str], int] = {
            self._key_of_an_action: 30,
            self._any_action: 12,
            self._any_key: 8,
            self._click: 24,
            self._double_click: 4,
            self._drag: 12,
            self._wheel: 4,
            self._turn_page: 5,
            self._undo_or_redo: 8,
            self._poke: 10,
            self._menu: 2,
            self._resize: 1,
        }
        self._kinds, self._weights = list(kinds), list(kinds.values())

    def gesture(self) -> str:
        """Does one, and says which."""
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            return self._answer_popup(popup)
        if isinstance(modal, QDialog):
            return self._answer(modal)
        return self.dice.choices(self._kinds, self._weights)[0]()

    def file(self) -> str:
        """That a dialog for files is answered with; '' where it is left."""
        here = sorted(path for path in self._folder.parent.iterdir())
        return self.dice.choice(["", *map(str, here), str(self._folder.parent / "made")])

    def place(self, widget: QWidget) -> QPoint:
        """Mostly where something is, at times at the very edge."""
        wide, high = max(widget.width(), 1), max(widget.height(), 1)
        if isinstance(widget, Canvas) and self.dice.random() < 0.6:
            wide, high = wide // 2, high // 2
            return QPoint(
                wide // 2 + self.dice.randrange(wide + 1),
                high // 2 + self.dice.randrange(high + 1),
            )
        return QPoint(self.dice.randrange(wide), self.dice.randrange(high))

    # What is done to the window

    @property
    def _main(self) -> MainWindow | None:
        window = self._window()
        return window if isinstance(window, MainWindow) else None

    @property
    def _canvas(self) -> QWidget:
        """Of the page that is seen; else the window itself."""
        shown = [c for c in self._window().findChildren(Canvas) if c.isVisible()]
        return self.dice.choice(shown) if shown else self._window()

    def _cards(self) -> list[str]:
        left_out = () if self._heavy else _HEAVY
        names = [card.name for card in ACTIONS if card.name not in left_out]
        return [name for name in names if name not in _LEAVING or self.dice.random() < 0.1]

    def _key_of_an_action(self) -> str:
        main = self._main
        if main is None:
            return self._any_key()
        enabled = [name for name in self._cards() if main.actions_by_name[name].isEnabled()]
        name = self.dice.choice(enabled)
        keys = main.actions_by_name[name].shortcuts()
        if not keys:
            return self._any_key()
        key = self.dice.choice(keys)
        QTest.keySequence(QApplication.focusWidget() or self._canvas, key)
        return f"{QKeySequence(key).toString()} ({name})"

    def _any_action(self) -> str:
        main = self._main
        if main is None:
            return self._poke()
        name = self.dice.choice(self._cards())
        # As from a menu: one that is disabled cannot be triggered.
        main.actions_by_name[name].trigger()
        return f"action {name}"

    def _any_key(self) -> str:
        key, modifier = self.dice.choice(_KEYS), self.dice.choice(_MODIFIERS)
        where = QApplication.focusWidget() or self._canvas
        for _ in range(self.dice.choice((1, 1, 1, 4))):
            QTest.keyClick(where, key, modifier)
        return f"key {key.name}"

    def _click(self) -> str:
        canvas, modifier = self._canvas, self.dice.choice(_MODIFIERS)
        place = self.place(canvas)
        QTest.mouseMove(canvas, place)
        QTest.mouseClick(canvas, _LEFT, modifier, place)
        return f"click at {place.x()}, {place.y()}"

    def _double_click(self) -> str:
        canvas, place = self._canvas, self.place(self._canvas)
        QTest.mouseClick(canvas, _LEFT, _NONE, place)
        QTest.mouseDClick(canvas, _LEFT, _NONE, place)
        return "double click"

    def _drag(self) -> str:
        canvas, modifier = self._canvas, self.dice.choice(_MODIFIERS)
        button = self.dice.choice((_LEFT, _LEFT, _LEFT, Qt.MouseButton.MiddleButton, _RIGHT))
        ends = [self.place(canvas) for _ in range(self.dice.choice((2, 2, 3, 6)))]
        QTest.mouseMove(canvas, ends[0])
        QTest.mousePress(canvas, button, modifier, ends[0])
        for end in ends[1:]:
            QTest.mouseMove(canvas, end)
            self._maybe_turn()
        between = self.dice.random()
        if between < 0.1:
            QTest.keyClick(canvas, Qt.Key.Key_Escape)
        elif between < 0.2:
            self._key_of_an_action()
        QTest.mouseRelease(canvas, button, modifier, ends[-1])
        return f"drag with {button.name}"

    def _wheel(self) -> str:
        canvas = self._canvas
        self._roll(canvas, self.place(canvas))
        return "wheel"

    def _roll(self, widget: QWidget, place: QPoint) -> None:
        event = QWheelEvent(
            QPointF(place),
            QPointF(widget.mapToGlobal(place)),
            QPoint(0, 0),
            QPoint(0, self.dice.choice((-1200, -120, 120, 360))),
            Qt.MouseButton.NoButton,
            self.dice.choice(_MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def _turn_page(self) -> str:
        main = self._main
        if main is None:
            return self._poke()
        page = self.dice.choice([*("label",) * 8, *(page.name for page in PAGES)])
        main.pages.turn_to(page)
        return f"page {page}"

    def _undo_or_redo(self) -> str:
        name = self.dice.choice(("undo", "undo", "redo"))
        for _ in range(self.dice.choice((1, 1, 3))):
            main = self._main  # another one, where a change of the scheme is turned
            if main is not None:
                main.actions_by_name[name].trigger()
        return name

    def _poke(self) -> str:
        return self._use(self._window())

    def _menu(self) -> str:
        """What a right click opens."""
        widget = self._any_of(self._window())
        place = self.place(widget)
        reason = QContextMenuEvent.Reason.Mouse
        QTest.mouseMove(widget, place)
        QApplication.sendEvent(
            widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place), _NONE)
        )
        return f"menu of {type(widget).__name__}"

    def _resize(self) -> str:
        size = self.dice.choice(((1000, 720), (1440, 900), (1920, 1080), (700, 500)))
        self._window().resize(*size)
        return f"window of {size}"

    # What is done to whatever widget is there

    def _any_of(self, parent: QWidget) -> QWidget:
        shown = [
            widget
            for widget in parent.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.window() is parent
        ]
        return self.dice.choice(shown) if shown else parent

    def _use(self, parent: QWidget) -> str:
        widget = self._any_of(parent)
        said = f"{type(widget).__name__} of {type(parent).__name__}"
        place = self.place(widget)
        if isinstance(widget, QLineEdit | QAbstractSpinBox | QPlainTextEdit):
            QTest.mouseClick(widget, _LEFT, _NONE, place)
            QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            text = self.dice.choice((*_TEXTS, self.file()))
            for letter in text:  # QTest knows ASCII alone
                key = QKeyEvent(QEvent.Type.KeyPress, 0, _NONE, letter)
                QApplication.sendEvent(widget, key)
            if self.dice.random() < 0.3:
                QTest.keyClick(widget, Qt.Key.Key_Return)
            return f"'{text}' into {said}"
        if isinstance(widget, QComboBox) and widget.count():
            widget.setFocus()
            QTest.keyClick(widget, self.dice.choice((Qt.Key.Key_Down, Qt.Key.Key_Up)))
            return f"choice in {said}"
        what = self.dice.random()
        if what < 0.1:
            self._roll(widget, place)
            return f"wheel on {said}"
        if what < 0.2:
            QTest.mouseDClick(widget, _LEFT, self.dice.choice(_MODIFIERS), place)
            return f"double click on {said}"
        if what < 0.3 and isinstance(view := widget.parentWidget(), QAbstractItemView):
            QTest.keyClick(view, self.dice.choice(_KEYS))
            return f"key in {said}"
        QTest.mouseMove(widget, place)
        QTest.mouseClick(widget, _LEFT, self.dice.choice(_MODIFIERS), place)
        return f"click on {said}"

    def _answer(self, dialog: QDialog) -> str:
        if isinstance(dialog, QFileDialog):
            dialog.reject()
            return "file dialog left"
        if self.dice.random() < 0.2:
            QTest.keyClick(dialog, self.dice.choice((Qt.Key.Key_Escape, Qt.Key.Key_Return)))
            return f"end of {type(dialog).__name__}"
        return self._use(dialog)

    def _answer_popup(self, popup: QWidget) -> str:
        if isinstance(popup, QMenu):
            key: Sequence[Qt.Key] = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
            chosen = self.dice.choice((*key, Qt.Key.Key_Escape))
            QTest.keyClick(popup, chosen)
            return f"{chosen.name} in a menu"
        popup.close()
        return "popup left"

    def _maybe_turn(self) -> None:
        if self.dice.random() < 0.5:
            QApplication.processEvents()
