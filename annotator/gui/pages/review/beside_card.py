"""Where two people have made different shapes of one object at the same time: both are shown, and
a reviewer chooses one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.projects.store import KeptShape, Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.wording import moment

_ALONE = (
    "Nobody has made another shape of this object at the same time. What a second person has "
    "labelled is an object of its own, and on the page Compare."
)


class BesideCard(QFrame):
    """Nothing is seen of it where there is one shape alone."""

    turned = Signal()
    """Another one of the shapes is to be drawn."""
    chosen = Signal()
    """The one that is drawn is to be the shape."""
    alone = Signal(str)
    """(what a person is told) There is one shape alone, so nothing can be shown or chosen."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._seen: Reviewed | None = None
        self._place = 0
        self._keys = "", ""
        self.setAccessibleName("Shapes that two people made at the same time")
        self.text = quiet(QLabel())
        self.text.setWordWrap(True)
        self.other = QPushButton()
        self.choose = QPushButton()
        buttons = QHBoxLayout()
        for button, signal in ((self.other, self.turn), (self.choose, self.take)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, act=signal: act())
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 0)
        column.addWidget(self.text)
        column.addLayout(buttons)
        self.hide()

    @property
    def kept(self) -> KeptShape | None:
        """What is drawn in place of the stored shape; None: the stored one."""
        return self._beside[self._place - 1] if self._place else None

    @property
    def shape(self) -> Shape | None:
        return None if self.kept is None else self._project.shape_kept(self.kept)

    @property
    def _beside(self) -> Sequence[KeptShape]:
        return () if self._seen is None else self._seen.beside

    def show_keys(self, other: str, choose: str) -> None:
        self._keys = other, choose
        self._say()

    def show_instance(self, seen: Reviewed | None) -> None:
        """The stored shape first."""
        before = None if self._seen is None else self._seen.record.id
        if seen is None or seen.record.id != before or seen.beside != self._beside:
            self._place = 0
        self._seen = seen
        self._say()

    def turn(self) -> None:
        """To the next one of the shapes."""
        if self._beside:
            self._place = (self._place + 1) % (len(self._beside) + 1)
            self._say()
            self.turned.emit()
        elif self._seen is not None:
            self.alone.emit(_ALONE)

    def take(self) -> None:
        """The one that is drawn is to be the shape."""
        if self._beside:
            self.chosen.emit()
        elif self._seen is not None:
            self.alone.emit(_ALONE)

    def _say(self) -> None:
        self.setVisible(bool(self._beside))
        if not self._beside:
            return
        made = [f"{kept.who}'s, of {moment(kept.at)} ({kept.title})" for kept in self._beside]
        drawn = "the stored one" if self.kept is None else f"{self.kept.who}'s"
        self.text.setText(
            f"Beside the stored shape there is {' and '.join(made)}: two people were at it at the "
            f"same time. Now you see {drawn}."
        )
        turn, choose = self._keys
        self.other.setText(f"Show the other one  ({turn})")
        what = "Keep the stored one" if self.kept is None else f"Take {self.kept.who}'s"
        self.choose.setText(f"{what}  ({choose})")
