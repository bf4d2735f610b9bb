"""The rest of sparse labels: which method proves best and what it would fill, then the fill."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.services.preview_panel import PreviewPanel
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.filling.methods import Judgement
from landmark_annotator.annotator.session.filling.project_fill import (
    FillPlan,
    OnlyAccepted,
    plan_fill,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted


class FillPreviewPanel(PreviewPanel[FillPlan]):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Judging the methods", "What would be filled in", "How good each method is", parent
        )

    @override
    def lines_of(self, preview: FillPlan) -> list[str]:
        best = next(one for one in preview.judgements if one.name == preview.best.name)
        assert best.error is not None
        lines = [
            f"{counted(preview.landmarks, 'landmark')} of "
            f"{counted(preview.count, 'object')} would be filled in.",
            f"Best: {best.title}, {best.error:.2f} % error{_range(best)} on "
            f"{counted(best.instances, 'whole object')} that it had not learned from, after "
            f"{counted(len(preview.clicked), 'click')} each.",
        ]
        if preview.without_box:
            lines.append(
                f"Not complete: {counted(preview.without_box, 'object')} would be left out, "
                "without a box and with a single landmark."
            )
        else:
            lines.append("Complete: no sparsely labelled object is left out.")
        if preview.inferred:
            lines.append(
                f"In {counted(preview.inferred, 'accepted shape')} people placed some landmarks "
                "and a model the others; these stay."
            )
        return lines

    @override
    def items_of(self, preview: FillPlan) -> list[str]:
        return [
            *(
                f"{one.title}: error not known"
                if one.error is None
                else f"{one.title}: {one.error:.2f} %{_range(one)} on {one.instances:,}"
                for one in preview.judgements
            ),
            *preview.notes,
        ]


def _range(one: Judgement) -> str:
    return f" ({one.range} with 95 %)" if one.range else ""


class FillDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(FillPlan)

    def __init__(self, project: Path, parent: QWidget | None = None) -> None:
        """project: its folder."""
        super().__init__(parent)
        self._project = project
        self.setWindowTitle("Fill in the rest")
        resize_within(self, QSize(640, 440) * min(letters(self), 1.6))
        told = quiet(
            QLabel(
                "Where only some landmarks were clicked, the others are filled in by the method "
                "that is least wrong on whole objects. No point that a person placed is moved, "
                "and it is one step for undo."
            )
        )
        told.setWordWrap(True)
        self.inferred = QCheckBox("&Also what a model placed in accepted shapes; they stay so")
        self.inferred.toggled.connect(self._look)
        self.panel = FillPreviewPanel()
        buttons = QDialogButtonBox()
        self.take = buttons.addButton("&Fill in", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (told, self.inferred):
            column.addWidget(widget)
        column.addWidget(self.panel, 1)
        column.addWidget(buttons)
        self.panel.changed.connect(self._show_whether_it_can)
        self.finished.connect(self.panel.close_threads)
        self._look()

    def _look(self) -> None:
        self.panel.look(partial(_planned, self._project, self.inferred.isChecked()))

    def _show_whether_it_can(self) -> None:
        self.take.setEnabled(self.panel.preview is not None)

    def _take(self) -> None:
        plan = self.panel.preview
        if plan is not None:
            self.accept()
            self.wanted.emit(plan)


def _planned(folder: Path, inferred: bool, progress: Progress) -> FillPlan:
    with Project.open(folder, read_only=True) as project:
        try:
            return plan_fill(project, inferred=inferred, progress=progress)
        except OnlyAccepted as error:
            # It names what a command would be given.
            raise ActionableError(
                error.happened,
                kept=error.kept,
                remedy="Click some landmarks of an instance without accepting it, or choose above "
                "that also those are placed anew.",
            ) from error
