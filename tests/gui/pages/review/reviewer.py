"""Whoever reviews, by keys."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet


class Reviewer:
    def __init__(self, hands) -> None:
        self.hands = hands
        self.window, self.project = hands.window, hands.window.project
        self.page = hands.window.pages.page("review")
        hands.qtbot.waitUntil(lambda: self.page.settled)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        # Nothing passes that has not been painted.
        self.hands.qtbot.waitUntil(lambda: self.page.seen is None or self.page.painted)
        QTest.keyClick(self.page.canvas, key, modifier)

    def comment(self, text: str) -> None:
        [sheet] = self.page.findChildren(CommentSheet)
        QTest.keyClicks(sheet.comment, text)
        QTest.keyClick(sheet.comment, Qt.Key.Key_Return)
        # Keys reach only the active window.
        self.window.activateWindow()
        self.hands.qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def open_id(self) -> int:
        return self.page.seen.record.id

    @property
    def waiting(self) -> list[int]:
        model = self.page.model
        return [model.at(row).record.id for row in range(model.rowCount())]
