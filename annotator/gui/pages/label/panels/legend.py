"""What the signs of landmarks mean: below the list of landmarks, or behind a button there."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.canvas.layers.sign_icon import sign_icon
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.projects.vocabulary import Provenance, Visibility

_SHARE = 1 / 3
"""Of the height of the column, which the legend leaves to the list at most of it."""
_LARGEST = 1.7
"""Letters, of usual ones."""
_BETWEEN = 3
"""Pixels between two lines."""

MEANINGS: dict[Provenance | None, str] = {
    None: "placed by the model",
    Provenance.CLICKED: "clicked by a person",
    Provenance.CONFIRMED: "confirmed by a person",
    Provenance.TRACED: "on a contour that was clicked",
    Provenance.IMPORTED: "from a file",
    Provenance.FILLED: "filled in from the clicks",
    Provenance.RULED: "accepted by rule, seen by nobody",
}
"""Of the signs, in the order of the legend."""


class Legend(QWidget):
    """Folds itself into a button where there is little room. size: of a sign, in pixels."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.lines = _Lines(size)
        self.button = QPushButton("What the signs mean")
        self.button.setFlat(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._unfold)
        self.button.hide()
        self._apart: QWidget | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.lines)
        rows.addWidget(self.button)

    def show_signs(self) -> None:
        """As the canvas draws them now."""
        self.lines.show_signs()

    def fit(self, height: int) -> None:
        """Into a column of this many pixels, which is shared with the list above."""
        folded = self._large or self._unfolded > _SHARE * height
        self.lines.setVisible(not folded)
        self.button.setVisible(folded)

    @property
    def foldable(self) -> int:
        """Pixels of height that folding would still save."""
        if self.lines.isHidden():
            return 0
        return max(self._unfolded - self.button.sizeHint().height(), 0)

    @property
    def widest(self) -> int:
        """Pixels of width that it needs unfolded: folding makes the column no narrower, which
        would get wider again with what its button for accepting says. Nought where it never
        unfolds."""
        return 0 if self._large else self.lines.widest(self.fontMetrics())

    @property
    def _large(self) -> bool:
        """Whether its letters would take more of the photograph's width than it is worth."""
        return letters(self) > _LARGEST

    @property
    def _unfolded(self) -> int:
        """Pixels of height. While the lines are hidden they know nothing of other letters."""
        line = max(self.lines.size_of_sign, self.fontMetrics().height())
        return self.lines.count * (line + _BETWEEN)

    def _unfold(self) -> None:
        """Over the button, until something else is clicked."""
        lines = _Lines(self.lines.size_of_sign)
        self._apart = apart = QWidget(self, Qt.WindowType.Popup)
        apart.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = QVBoxLayout(apart)
        rows.addWidget(lines)
        apart.adjustSize()
        size: QSize = apart.size()
        place = self.button.mapToGlobal(QPoint(self.button.width(), 0))
        apart.move(place - QPoint(size.width(), size.height()))
        apart.show()


class _Lines(QWidget):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.size_of_sign = size
        self._signs: list[tuple[QLabel, Provenance | None, Visibility, bool]] = []
        self._meanings: list[QLabel] = []
        self._measured: tuple[QFontMetrics, int] | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(_BETWEEN)
        seen = Visibility.VISIBLE
        for provenance, visibility, suggested, meaning in (
            *((provenance, seen, False, meaning) for provenance, meaning in MEANINGS.items()),
            (None, seen, True, "probably hidden"),
            (None, Visibility.OCCLUDED, False, "hidden by something"),
            (None, Visibility.NOT_LABELLED, False, "not in the image"),
        ):
            line = QHBoxLayout()
            sign = QLabel()
            self._signs.append((sign, provenance, visibility, suggested))
            line.addWidget(sign)
            self._meanings.append(quiet(QLabel(meaning)))
            line.addWidget(self._meanings[-1], 1)
            rows.addLayout(line)
            self._beside = self.size_of_sign + line.spacing()
        self.count = len(self._signs)
        self.show_signs()

    def widest(self, metrics: QFontMetrics) -> int:
        """Pixels in letters of these metrics. While it is hidden, its layout still has the width
        of the letters that it was hidden in."""
        # Layouts ask for it dozens of times while a window opens.
        if self._measured is None or self._measured[0] != metrics:
            widest = max(metrics.horizontalAdvance(each.text()) for each in self._meanings)
            self._measured = metrics, widest
        return self._beside + self._measured[1]

    def show_signs(self) -> None:
        """As the canvas draws them now."""
        size, ratio = self.size_of_sign, self.devicePixelRatioF()
        for sign, provenance, visibility, suggested in self._signs:
            icon = sign_icon(provenance, visibility, ratio, size, suggested=suggested)
            sign.setPixmap(icon.pixmap(size, size))
