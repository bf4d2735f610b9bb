"""Words in the place of a photograph that cannot be shown, or is still being read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from landmark_annotator.annotator.gui.style import canvas_colours


class WordsInPlace(QLabel):
    """In the middle of the widget that shows it; hidden until there is something to say."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self._around = around
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        # It stands on the dark surround, which no theme makes light.
        self.setStyleSheet(f"color: {canvas_colours.LABEL_TEXT.name()}")
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def say(self, text: str) -> None:
        self.setText(text)
        self.fit()
        self.show()

    def fit(self) -> None:
        """To whatever size that widget has by now."""
        around = self._around.rect()
        margin = min(60, min(around.width(), around.height()) // 10)
        self.setGeometry(around.adjusted(margin, margin, -margin, -margin))
