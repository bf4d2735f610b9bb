"""What an import would do, shown before anything is written."""

import html
from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.services.background_job import BackgroundJob
from annotator.gui.widgets.banner import Banner
from annotator.session.setup.import_preview import ImportPreview, Part
from projects.vocabulary import ActionableError, Progress

_LISTED = 50
"""Files that are named one by one; more of them help nobody."""


class ImportPreviewPanel(QWidget):
    """Looks in a thread; what it shows is always of the newest request."""

    changed = Signal()
    """There is a preview now, or none."""
    broke = Signal(Exception)
    """A mistake of the program while looking."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview: ImportPreview | None = None
        self._looking = BackgroundJob("Looking at the labels", self)
        self._looking.progressed.connect(self._show_progress)
        self._looking.failed.connect(self._show_failure)
        self.problem = Banner(self)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setAccessibleName("What the import would do")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        self.bar.setAccessibleName("Looking at the labels")
        self.left_out = QListWidget()
        self.left_out.setAccessibleName("What cannot be read and why")
        self.left_out.setWordWrap(True)
        self.left_out.setAlternatingRowColors(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problem)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        column.addWidget(self.left_out, 1)
        column.addStretch()
        self.clear()

    @property
    def looking(self) -> bool:
        return self._looking.running

    def look(self, work: Callable[[Progress], ImportPreview]) -> None:
        self.clear()
        self.text.setText("Reading. Nothing is written yet.")
        self.bar.show()
        self._looking.begin(work, self._show)
        self.changed.emit()

    def clear(self) -> None:
        self._looking.cancel()
        self.preview = None
        self.problem.hide()
        self.bar.hide()
        self.left_out.hide()
        self.text.clear()
        self.changed.emit()

    def close_threads(self) -> None:
        self._looking.close()

    def _show(self, preview: ImportPreview) -> None:
        self.preview = preview
        self.bar.hide()
        lines = [html.escape(line) for line in preview_lines(preview)]
        self.text.setText(f"<b>{lines[0]}</b><br>" + "<br>".join(lines[1:]))
        self.left_out.clear()
        unreadable = preview.report.unreadable
        for entry in unreadable[:_LISTED]:
            self.left_out.addItem(f"{entry.path.name}: {entry.reason}")
        if len(unreadable) > _LISTED:
            self.left_out.addItem(f"and {len(unreadable) - _LISTED:,} more")
        self.left_out.setVisible(bool(unreadable))
        self.changed.emit()

    def _show_failure(self, error: Exception) -> None:
        self.clear()
        if isinstance(error, ActionableError):
            self.problem.show_error(error)
        else:
            self.broke.emit(error)

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)


def preview_lines(preview: ImportPreview) -> list[str]:
    """In plain words: the format, what would come in, and what would not."""
    report = preview.report
    bare = report.added + report.filled - report.labelled
    lines = [f"Found: {_found(preview.parts)}"]
    if preview.choice.proposals:
        proposed = _counted(report.labelled, "prediction")
        lines.append(f"{proposed} would be shown, for a person to confirm.")
    elif report.labelled:
        lines.append(f"{_counted(report.labelled, 'object')} with landmarks would come in.")
    if bare > 0:
        lines.append(f"{_counted(bare, 'image')} without landmarks would come in.")
    if report.unchanged:
        lines.append(f"{report.unchanged:,} are in the project already.")
    if report.differing:
        lines.append(
            f"{report.differing:,} were changed in the project since; the project's own stay."
        )
    if report.unreadable:
        lines.append(f"{len(report.unreadable):,} cannot be read and would be left out:")
    return [*lines, *report.notes]


def _found(parts: Sequence[Part]) -> str:
    """Each format once, with how many of the sources are in it where there are several."""
    titles = Counter(part.card.title for part in parts)
    return ", ".join(
        title if len(parts) == 1 else f"{title} ({number})" for title, number in titles.items()
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
