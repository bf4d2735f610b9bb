"""The start page: recent projects, a new one, one from a folder or a server, the samples."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.action_card import keys_text
from landmark_annotator.annotator.gui.services.dropped_files import dropped_folder_or_file
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.recent_list import RecentList
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.window.key_bindings import chosen_cards
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog
from landmark_annotator.projects.vocabulary import ActionableError


class StartWindow(QMainWindow):
    new_wanted = Signal(object)
    """(folder of images or a label file that it is to be made of, or None)"""
    open_wanted = Signal(object)
    """(folder of a project, or None: the user has yet to choose)"""
    join_wanted = Signal()
    """A shared project, by its address."""
    samples_wanted = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.messages = Messages(self)
        self.setWindowTitle("Landmark annotator")
        self.setAcceptDrops(True)
        resize_within(self, QSize(980, 640) * min(letters(self), 1.6))
        self.recent = RecentList()
        self.recent.chosen.connect(self.open_wanted)
        self.recent.forgotten.connect(self._forget)
        self.recent.broke.connect(self.messages.tell)
        self.buttons = {
            "new": _button("&New project\N{HORIZONTAL ELLIPSIS}", chosen=True),
            "open": _button("&Open a folder\N{HORIZONTAL ELLIPSIS}"),
            "join": _button("&Join a shared project\N{HORIZONTAL ELLIPSIS}"),
            "samples": _button("&Sample project"),
            "preferences": _button("&Preferences\N{HORIZONTAL ELLIPSIS}"),
        }
        self._connect()
        self._compose()
        self.show_recent()

    def show_recent(self) -> None:
        folders = [Path(folder) for folder in self._preferences.recent]
        self.recent.show_folders(folders)
        self.recent.setVisible(bool(folders))
        self._empty.setVisible(not folders)
        (self.recent if folders else self.buttons["new"]).setFocus()

    def _connect(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            "new": lambda: self.new_wanted.emit(None),
            "open": lambda: self.open_wanted.emit(None),
            "join": self.join_wanted.emit,
            "samples": self.samples_wanted.emit,
            "preferences": self._show_preferences,
        }
        for name, slot in slots.items():
            self.buttons[name].clicked.connect(lambda _=False, slot=slot: slot())
        slots["quit"] = self.close
        # The same keys as in the window on a project.
        for card in chosen_cards(self._preferences.keys):
            if card.name in slots:
                for key in card.keys:
                    QShortcut(QKeySequence(key), self, slots[card.name])
                if card.name in self.buttons:
                    self.buttons[card.name].setToolTip(keys_text(card))

    def _compose(self) -> None:
        title = QLabel("Landmark annotator")
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        what = quiet(QLabel("A few clicks place all the landmarks; every click is stored at once."))
        what.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(title)
        left.addWidget(what)
        left.addSpacing(14)
        for name in ("new", "open", "join", "samples"):
            left.addWidget(self.buttons[name])
        left.addStretch()
        left.addWidget(self.buttons["preferences"])
        side = QWidget()
        side.setLayout(left)
        side.setMaximumWidth(380)
        heading = QLabel("Recent projects")
        heading.setProperty("tone", "heading")
        self._empty = quiet(
            QLabel(
                "None yet. A new project begins with a folder of photographs or a video: drop one "
                "here, or take the tour of the sample project first."
            )
        )
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.addWidget(heading)
        right.addWidget(self.recent, 1)
        right.addWidget(self._empty, 1)
        drop = quiet(
            QLabel("Folders of images, videos, label files and projects can be dropped here.")
        )
        drop.setWordWrap(True)
        right.addWidget(drop)
        both = QHBoxLayout()
        both.setContentsMargins(28, 24, 28, 20)
        both.setSpacing(32)
        both.addWidget(side, 2)
        both.addLayout(right, 3)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.messages.banner)
        column.addLayout(both, 1)
        self.setCentralWidget(whole)
        QWidget.setTabOrder(self.recent, self.buttons["new"])

    def _forget(self, folder: Path) -> None:
        try:
            self._preferences.forget(folder)
        except ActionableError as error:
            self.messages.tell(error)
        self.show_recent()

    def _show_preferences(self) -> None:
        dialog = PreferencesDialog(self._preferences, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        # A thread that answers to a list that is destroyed ends the program.
        self.recent.leave_threads()
        super().closeEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        try:
            path, is_project = dropped_folder_or_file(event.mimeData())
        except ActionableError as error:
            self.messages.tell(error)
            return
        event.acceptProposedAction()
        (self.open_wanted if is_project else self.new_wanted).emit(path)


def _button(text: str, *, chosen: bool = False) -> QPushButton:
    button = QPushButton(text)
    if chosen:
        button.setProperty("tone", "chosen")
    else:
        # As high as its letters need, and some room.
        button.setStyleSheet("QPushButton { padding: 9px; }")
    button.setAutoDefault(True)
    return button
