"""Bringing images or labels into the open project: chosen or dropped, looked at, then imported."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.imports.choices import ImportChoices
from landmark_annotator.annotator.gui.imports.preview import ImportPreviewPanel
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.setup.import_preview import (
    USUAL,
    ImportChoice,
    ImportPreview,
    preview_of_open,
)
from landmark_annotator.annotator.session.setup.video_frames import videos_at
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ImageError

_BETWEEN = "; "
"""Between the paths of several sources."""


class ImportDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(ImportPreview)
    """What was previewed is to be imported."""
    frames_wanted = Signal(object)
    """(list of Path) They are videos: frames of them are to come in."""

    def __init__(self, project: Path, scheme: Scheme, parent: QWidget | None = None) -> None:
        """project: its folder; scheme: the project's own."""
        super().__init__(parent)
        self._project = project
        self.setWindowTitle("Import images or labels")
        resize_within(self, QSize(660, 520) * min(letters(self), 1.6))
        told = quiet(
            QLabel(
                "Folders of images, with or without labels beside them, label files, or videos. "
                "You see what would happen before anything is written."
            )
        )
        told.setWordWrap(True)
        self.source = QLineEdit()
        self.source.setAccessibleName("Folder, label file or video to import")
        self.source.setPlaceholderText("Folder, label file or video; several with ; between them")
        self.source.textEdited.connect(self._wait)
        self.source.editingFinished.connect(self._look)
        folder, files = (
            QPushButton("&Folder\N{HORIZONTAL ELLIPSIS}"),
            QPushButton("Fi&les\N{HORIZONTAL ELLIPSIS}"),
        )
        folder.clicked.connect(self._choose_folder)
        files.clicked.connect(self._choose_files)
        line = QHBoxLayout()
        line.addWidget(self.source, 1)
        line.addWidget(folder)
        line.addWidget(files)
        self.choices = ImportChoices(scheme)
        self.choices.changed.connect(self._look)
        self.panel = ImportPreviewPanel()
        self.panel.changed.connect(self._show_whether_it_can)
        buttons = QDialogButtonBox()
        self.take = buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self.as_video = buttons.addButton(
            "As a &video\N{HORIZONTAL ELLIPSIS}", QDialogButtonBox.ButtonRole.ActionRole
        )
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.as_video.setToolTip(
            "The images of this folder are the frames of a video, in the order of their numbers"
        )
        self.as_video.clicked.connect(self._take_as_video)
        self.as_video.hide()
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addLayout(line)
        column.addWidget(self.choices)
        column.addWidget(self.panel, 1)
        column.addWidget(buttons)
        self._looked_at: tuple[str, ImportChoice] = ("", USUAL)
        self._show_whether_it_can()
        self.finished.connect(self.panel.close_threads)

    def look_at(self, sources: Sequence[Path]) -> None:
        self.source.setText(_BETWEEN.join(str(path) for path in sources))
        self._look()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Import a folder", self.source.text())
        if chosen:
            self.look_at([Path(chosen)])

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Import files", self.source.text())
        if chosen:
            self.look_at([Path(path) for path in chosen])

    def _wait(self) -> None:
        """While it is typed: every beginning of a path may be a folder of many files."""
        self._looked_at = "", USUAL
        self.as_video.hide()
        self.panel.wait("Enter shows what would come in." if self.source.text().strip() else "")

    def _look(self) -> None:
        text, choice = self.source.text().strip(), self.choices.choice
        if text and (text, choice) != self._looked_at:
            self._looked_at = text, choice
            paths = _paths(text)
            videos = [videos_at(path) for path in paths]
            if videos and all(videos):
                self._take_frames(list(chain(*videos)))
                return
            self.as_video.setVisible(_numbered(paths) is not None)
            self.panel.look(partial(preview_of_open, self._project, paths, choice))

    def _show_whether_it_can(self) -> None:
        seen = self.panel.preview
        report = None if seen is None else seen.report
        comes = report is not None and report.added + report.filled + report.masked > 0
        self.take.setEnabled(comes)

    def _take(self) -> None:
        seen = self.panel.preview
        if seen is not None:
            self.accept()
            self.wanted.emit(seen)

    def _take_frames(self, videos: list[Path]) -> None:
        self.accept()
        self.frames_wanted.emit(videos)

    def _take_as_video(self) -> None:
        numbered = _numbered(_paths(self.source.text().strip()))
        if numbered is not None:
            self._take_frames([numbered])


def _numbered(paths: Sequence[Path]) -> Path | None:
    """What stands for the numbered images of the one folder; None where there are none."""
    if len(paths) == 1 and paths[0].is_dir():
        with suppress(ImageError, OSError):
            return numbered_images(paths[0])
    return None


def _paths(text: str) -> list[Path]:
    """Of a line; a path that holds what stands between paths is still one where it exists."""
    whole = Path(text).expanduser()
    if whole.exists():
        return [whole]
    parts = (part.strip() for part in text.split(_BETWEEN.strip()))
    return [Path(part).expanduser() for part in parts if part]
