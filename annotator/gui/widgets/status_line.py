"""The line at the bottom: what the tool waits for, who proposes and why, what is stored."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.elided_label import ElidedLabel, ShorteningLabel

_MARGINS = 30
"""Pixels between labels and beside them."""
_LEAST_TOLD = 16
"""Letters of who proposes, fewer of which tell nobody who it is."""


class StatusLine(QStatusBar):
    """Tips of menus pass over the left part and go away again. Nothing that it says makes the
    window wider; what it waits for is the last to be shortened."""

    def __init__(self, divisor: str, parent: QWidget | None = None) -> None:
        """divisor: what errors are in percent of."""
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.prompt = ShorteningLabel()
        self.prompt.setAccessibleName("What the tool waits for")
        self.prompt.setProperty("tone", "waiting")
        self.prompt.setContentsMargins(8, 6, 8, 6)
        self.model = ElidedLabel()
        _quiet(self.model, "Which model proposes, and why")
        self.model.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.error = _quiet(ShorteningLabel(), "Expected error")
        self.error.setToolTip(
            f"What the model expects its own landmarks to be off on average, in % of {divisor}"
        )
        self.stored = _quiet(ShorteningLabel(), "What was stored last")
        self.addWidget(self.prompt)
        self.addPermanentWidget(self.model, 1)
        for label in (self.error, self.stored):
            self.addPermanentWidget(label)

    def show_model(self, reason: str | None) -> None:
        self.model.show_text(reason or "Looking for a model\N{HORIZONTAL ELLIPSIS}")

    def show_error(
        self,
        percent: float | None,
        visible: float | None = None,
        millimetres: float | None = None,
    ) -> None:
        """percent: of the divisor. visible: what an eye could see of it, where the scheme has
        contours. millimetres: where it is known what a pixel measures."""
        parts = [] if percent is None else [f"expected error {percent:.1f} %"]
        parts += [] if millimetres is None else [f"{millimetres:.2g} mm"]
        parts += [] if visible is None else [f"{visible:.1f} % visible"]
        self.error.setText(", ".join(parts))

    @override
    def event(self, event: QEvent) -> bool:
        # What a label says has changed, or its letters.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._leave_room()
        return super().event(event)

    def _leave_room(self) -> None:
        """To what it waits for, to what is at work and to the beginning of who proposes, by all of
        what else it says."""
        yielding = (self.error, self.stored)
        first = (w for w in self.children() if isinstance(w, QWidget) and not w.isHidden())
        told = self.model.fontMetrics()
        least = _LEAST_TOLD * told.averageCharWidth()
        needed = _MARGINS + min(least, told.horizontalAdvance(self.model.toolTip()))
        for widget in first:
            if widget not in (*yielding, self.model):
                needed += widget.sizeHint().width()
        for label in yielding:
            needed += label.sizeHint().width()
            label.setVisible(needed <= self.width())

    def show_stored(self, what: str) -> None:
        self.stored.setText(what)


def _quiet(label: QLabel, name: str) -> QLabel:
    label.setAccessibleName(name)
    quiet(label)
    label.setContentsMargins(8, 0, 8, 0)
    return label
