"""The distinct shapes that the open instance may have, as small drawings to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.label.controller.picture import Picture
from landmark_annotator.annotator.gui.widgets.shape_drawing import shape_drawing
from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis
from landmark_annotator.projects.vocabulary import Scheme

_DRAWING = QSize(58, 58)
_GAP = 4
_BESIDE = 10


class HypothesisPanel(QFrame):
    """Hidden while there is nothing to choose."""

    chosen = Signal(int)
    """The number of a hypothesis, from 0."""

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scheme = scheme
        self.setAccessibleName("Shapes that it may be")
        self.title = QLabel()
        self.title.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(_BESIDE, 8, _BESIDE, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(self._grid)
        self.buttons: list[QToolButton] = []
        self._across = 0
        self.hide()

    def show_shapes(self, hypotheses: Sequence[Hypothesis], picture: Picture | None) -> None:
        """picture: the photograph that they lie on, where it is at hand."""
        while len(self.buttons) < len(hypotheses):
            self._add_button()
        for button in self.buttons[len(hypotheses) :]:
            button.hide()
        pyramid = None if picture is None else picture.pyramid
        ratio = self.devicePixelRatioF()
        # One in all of them: what looks alike from several sides, as a star does, is told apart by
        # where that lies.
        marked = hypotheses[0].telling if hypotheses else None
        if marked is not None:
            self.title.setText(f"Is it one of these? Marked: {self._scheme.landmarks[marked]}")
        for number, (button, shape) in enumerate(zip(self.buttons, hypotheses, strict=False), 1):
            drawing = shape_drawing(self._scheme, shape.points, _DRAWING, ratio, pyramid, marked)
            button.setIcon(QIcon(drawing))
            percent = f"{100 * shape.weight:.0f} %"
            button.setText(f"{number}:  {percent}")
            button.setAccessibleName(f"Shape {number}, {percent} likely")
            telling = self._scheme.landmarks[shape.telling]
            button.setToolTip(f"Take this shape: the {telling} is confirmed where it has it")
            button.show()
        self._lay_out()
        self.setVisible(bool(hypotheses))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """As many beside each other as there is room for."""
        widest = max((button.sizeHint().width() for button in self.buttons), default=1)
        # As wide as what it is in, also before it was ever seen.
        within = self.parentWidget() or self
        across = max((within.width() - 2 * _BESIDE + _GAP) // (widest + _GAP), 1)
        if across == self._across and self._grid.count() == len(self.buttons):
            return
        self._across = across
        for number, button in enumerate(self.buttons):
            self._grid.addWidget(button, number // across, number % across)

    def _add_button(self) -> None:
        number = len(self.buttons)
        button = QToolButton(self)  # else it would be a window of its own when it is shown
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(_DRAWING)
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self.chosen.emit(number))
        self.buttons.append(button)
