"""The dialog on a scheme: a new one, or that of a project with labels."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.schemes.editor import SchemeEditor
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.annotator.gui.widgets.message_place import MessagePlace
from landmark_annotator.annotator.session.setup.drawn_labels import (
    DrawnLabels,
    PlacedAnew,
    drawn_on,
)
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary import ActionableError, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.setup.scheme_change import (
        Affected,
        SchemeChangePreview,
    )

_ANOTHER = "Another photograph\N{HORIZONTAL ELLIPSIS}"
_TOLD = (
    "Click the picture to place landmarks in their order; drag from one to another for a line, "
    "again to take it away; the wheel zooms. F2 or a double click changes a name, Alt+Up, Alt+Down "
    "or dragging rows their order."
)
_LINES = 3
"""Of what is said of a change there are seldom more."""
_MEAN_SIDE = 400.0
"""Pixels of the mean's box side, as if it were on a photograph."""
FIRST = Scheme("scheme", ("landmark 1",))
"""What a new scheme begins with: its landmark is the first that a click places."""


class SchemeDialog(QDialog):
    """Its picture is the mean of labelled shapes, a photograph that is there, or any other."""

    broke = Signal(Exception)

    def __init__(self, title: str, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        resize_within(self, QSize(1080, 720) * min(letters(self), 1.5))
        self.draft = Draft(scheme, self)
        self.editor = SchemeEditor(self.draft)
        self.problem = Banner(self)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setAccessibleName("What the change does")
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.ground = QComboBox()
        self.ground.setAccessibleName("Picture below the landmarks")
        # Pictures come when they have been read, some with long names.
        self.ground.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._grounds: list[Callable[[], None]] = []
        self._files: list[tuple[Pyramid, Path]] = []
        """Photographs that were read, with where they are."""
        self._shown = 0
        """The place of the picture that is shown, among those that are offered."""
        self.ground.activated.connect(self._show_ground)
        self.top = QHBoxLayout()
        self.top.addWidget(QLabel("Picture"))
        self.top.addWidget(self.ground)
        self.top.addStretch(1)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        for button in self.buttons.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        told = quiet(QLabel(_TOLD))
        told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(told)
        column.addLayout(self.top)
        column.addWidget(self.editor, 1)
        column.addWidget(self.said)
        column.addWidget(self.buttons)
        # Nothing that a step says moves the rows and the picture that the next one is made on.
        MessagePlace(self.problem, self).follow(self.editor.picture)
        self.reading = BackgroundJob("Reading the photograph", self)
        self.reading.failed.connect(self.show_failure)
        self.draft.changed.connect(self._show_draft)
        self.draft.refused.connect(self.show_failure)
        self.editor.noted.connect(lambda text: self.problem.show_note(text))
        self.buttons.accepted.connect(self.take)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self.close_threads)
        self.editor.table.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Enter is for names; a change of the scheme is not made by one key too many."""
        super().showEvent(event)
        self.ok.setDefault(False)  # which the row of buttons has just made it

    def take(self) -> None:
        """OK."""
        self.accept()

    def _show_draft(self) -> None:
        self.problem.hide()

    # The picture

    def offer_ground(self, title: str, show: Callable[[], None]) -> None:
        self._grounds.append(show)
        self.ground.addItem(title)

    def _show_ground(self, place: int) -> None:
        if self.ground.itemText(place) == _ANOTHER:
            # Nobody may choose one, or it cannot be read.
            self.ground.setCurrentIndex(self._shown)
        else:
            self._shown = place
        self._grounds[place]()

    def offer_photograph(self, start: Path | None) -> None:
        """One that is chosen. start: the folder to begin in."""
        self.offer_ground(_ANOTHER, partial(self._choose_photograph, start))

    def _choose_photograph(self, start: Path | None) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        chosen, _ = QFileDialog.getOpenFileName(
            self, "A photograph to draw the scheme on", str(start or ""), f"Photographs ({kinds})"
        )
        if chosen:
            self.read_photograph(Path(chosen))

    def read_photograph(self, path: Path, drawn: DrawnLabels | None = None) -> None:
        """drawn: where landmarks were placed on it before; else none has a place yet."""

        def read(progress: Progress) -> Pyramid:
            return Pyramid(drawn_on(path).pixels())

        def show(ground: Pyramid) -> None:
            nowhere = np.full((len(self.draft.change.before), 2), np.nan)
            places = (nowhere, None) if drawn is None else (drawn.points, drawn.seconds)
            self._files.append((ground, path))
            self.offer_ground(path.name, lambda: self.draft.show_on(ground, *places))
            self.ground.setCurrentIndex(self.ground.count() - 1)
            if self.draft.undoable:
                self._show_ground(self.ground.currentIndex())
            else:
                # Nothing was done yet, and so nothing is lost where the dialog is closed again.
                self._shown = self.ground.currentIndex()
                self.draft.begin_on(ground, *places)
            if not isinstance(self.focusWidget(), QLineEdit):  # who writes goes on
                self.editor.picture.setFocus()

        self.reading.begin(read, show)

    def show_failure(self, error: Exception) -> None:
        if isinstance(error, ActionableError):
            self.problem.show_error(error)
        else:
            self.broke.emit(error)

    @property
    def busy(self) -> bool:
        """Whether it cannot be closed now."""
        return False

    @override
    def reject(self) -> None:
        """What was done is not lost by one key."""
        if self.busy:
            return
        if not self.draft.undoable:
            super().reject()
            return
        self.asking = asking = QMessageBox(self)
        asking.setWindowTitle("Not kept yet")
        asking.setText("Close without keeping what you changed?")
        role = QMessageBox.ButtonRole
        self.discard = asking.addButton("&Close without it", role.DestructiveRole)
        asking.setDefaultButton(asking.addButton("&Go on editing", role.RejectRole))
        self.discard.clicked.connect(lambda: self.done(QDialog.DialogCode.Rejected))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def close_threads(self) -> None:
        self.reading.close()


class NewSchemeDialog(SchemeDialog):
    """A scheme that no project has yet; `scheme` once it was taken."""

    def __init__(
        self,
        scheme: Scheme = FIRST,
        photograph: Path | None = None,
        parent: QWidget | None = None,
        *,
        drawn: DrawnLabels | None = None,
    ) -> None:
        """photograph: to begin on; drawn: or the one that this scheme was drawn on before."""
        super().__init__("Draw the landmarks", scheme, parent)
        self.name = QLineEdit(scheme.name)
        self.name.setAccessibleName("Name of the scheme")
        self.name.editingFinished.connect(self._call)
        self.top.insertWidget(0, QLabel("Name"))
        self.top.insertWidget(1, self.name)
        self.offer_ground(
            "None", lambda: self.draft.show_on(None, np.full((len(scheme), 2), np.nan))
        )
        self.offer_photograph(photograph and photograph.parent)
        if drawn is not None:
            self.read_photograph(drawn.photograph, drawn)
        elif photograph is not None:
            self.read_photograph(photograph)
        self._show_draft()

    @property
    def scheme(self) -> Scheme:
        return self.draft.scheme

    @property
    def labels(self) -> DrawnLabels | None:
        """Where its landmarks are on the photograph that is shown; None where on none."""
        now = self.draft.now
        path = next((path for known, path in self._files if known is now.ground), None)
        nowhere = not np.isfinite(now.points).any()
        return None if path is None or nowhere else DrawnLabels(path, now.points, now.seconds)

    def _call(self) -> None:
        self.name.setModified(False)
        self.draft.call(self.name.text().strip())

    @override
    def _show_draft(self) -> None:
        super()._show_draft()
        scheme = self.draft.scheme
        if not self.name.isModified():  # or what somebody is writing would be gone
            self.name.setText(scheme.name)
        lines, pairs = counted(len(scheme.edges), "line"), counted(len(scheme.partners), "pair")
        curves = f", {counted(len(scheme.curves), 'curve')}" if scheme.curves else ""
        regions = f", {counted(len(scheme.regions), 'region')}" if scheme.regions else ""
        said = f"{counted(len(scheme), 'landmark')}, {lines}{curves}, {pairs}{regions}."
        self.said.setText(said)


class ChangeSchemeDialog(SchemeDialog):
    """The scheme of a project: what a change does to labels is said at every step, and OK makes it
    in a thread, on a connection of its own."""

    done_change = Signal(object, object)
    """(SchemeChangePreview, path of the copy of the database, where one was made) The project has
    other landmarks."""

    def __init__(self, folder: Path, scheme: Scheme, who: str, parent: QWidget | None) -> None:
        super().__init__("Landmarks and regions of the project", scheme, parent)
        self._folder, self._who = folder, who
        self._affected: Affected | None = None
        self.preview: SchemeChangePreview | None = None
        self._open: tuple[Pyramid, int | None] | None = None
        self.ok.setText("&Make the change")
        # A sentence more moves no button under the hand.
        self.said.setMinimumHeight(_LINES * self.said.fontMetrics().lineSpacing())
        self.looking = BackgroundJob("Looking at the labels", self)
        self.looking.failed.connect(self.show_failure)
        self.changing = BackgroundJob("Changing the scheme", self)
        self.changing.failed.connect(self._show_refusal)
        self.said.setText("Counting the labels\N{HORIZONTAL ELLIPSIS}")
        self.ok.setEnabled(False)
        self.looking.begin(self._look, self._show_affected)

    def offer_open(
        self, title: str, ground: Pyramid, points: Floats, instance_id: int | None = None
    ) -> None:
        """The photograph that is open, with its landmarks (L, 2). instance_id: of the object there
        that new landmarks may be placed on."""
        self._open = (ground, instance_id)
        self.offer_ground(title, lambda: self.draft.show_on(ground, points))
        if self.ground.count() == 1:
            self.draft.begin_on(ground, points)

    @property
    @override
    def busy(self) -> bool:
        return self.changing.running

    def _look(self, progress: Progress) -> "Affected":
        from landmark_annotator.annotator.session.setup.scheme_change import look_at

        return look_at(self._folder)

    def _show_affected(self, affected: "Affected") -> None:
        self._affected = affected
        mean = affected.mean
        if mean is not None:
            points = mean * _MEAN_SIDE
            self.offer_ground(
                "Mean of the labelled shapes", lambda: self.draft.show_on(None, points)
            )
            if not np.isfinite(self.draft.now.points).any():
                self.draft.begin_on(None, points)
                self._shown = self.ground.count() - 1
                self.ground.setCurrentIndex(self._shown)
                self.editor.picture.refit()
        self.offer_photograph(None)
        self._show_draft()

    @override
    def _show_draft(self) -> None:
        super()._show_draft()
        if self._affected is None:
            return
        from landmark_annotator.annotator.session.setup.scheme_change import preview_change

        self.preview = preview_change(self._affected, self.draft.change)
        self.said.setText(" ".join(self.preview.sentences))
        self.ok.setEnabled(not self.draft.change.changes_nothing)

    @override
    def take(self) -> None:
        preview = self.preview
        if preview is None or self.busy:
            return
        placed = self.placed

        def change(progress: Progress) -> Path | None:
            from landmark_annotator.annotator.session.setup.scheme_change import change_opened

            return change_opened(self._folder, preview.change, self._who, placed)

        self._show_busy(True)
        self.said.setText("Copying the database, then changing the scheme.")
        self.changing.begin(change, partial(self._end, preview))

    @property
    def placed(self) -> PlacedAnew | None:
        """The new landmarks that were put on the photograph that is open."""
        ground, instance_id = self._open or (None, None)
        if instance_id is None or self.draft.now.ground is not ground:
            return None
        points, seconds = self.draft.now.points.tolist(), self.draft.now.seconds.tolist()
        new = (j for j, origin in enumerate(self.draft.change.origins) if origin is None)
        places = {j: (points[j][0], points[j][1]) for j in new if np.isfinite(points[j][0])}
        took = {j: seconds[j] for j in places}
        return PlacedAnew(instance_id, places, took) if places else None

    def _end(self, preview: "SchemeChangePreview", copy: Path | None) -> None:
        self.done(QDialog.DialogCode.Accepted)
        self.done_change.emit(preview, copy)

    def _show_refusal(self, error: Exception) -> None:
        self._show_busy(False)
        self._show_draft()
        self.show_failure(error)

    def _show_busy(self, busy: bool) -> None:
        self.editor.setEnabled(not busy)
        self.buttons.setEnabled(not busy)

    @override
    def close_threads(self) -> None:
        super().close_threads()
        self.looking.leave()
        self.changing.close()
