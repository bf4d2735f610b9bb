"""Labels that exist already: looked at before anything is made."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton
from typing_extensions import override

from landmark_annotator.annotator.gui.imports.preview import ImportPreviewPanel
from landmark_annotator.annotator.gui.start.wizard_page import WizardPage
from landmark_annotator.annotator.gui.widgets.path_line import PathLine
from landmark_annotator.annotator.session.setup.import_preview import ImportPreview, preview_of_new
from landmark_annotator.projects.vocabulary import ActionableError, Scheme


class LabelsPage(WizardPage):
    def __init__(
        self, given: Callable[[], tuple[Scheme, Path | None]], videos: Callable[[], int]
    ) -> None:
        """given: what the pages before said: the scheme, the folder of photographs or of videos.
        videos: how many of these they named, 0 where it is photographs."""
        super().__init__(
            "Labels that exist already",
            "A label file, or a folder with labels beside the images. Leave it empty where there "
            "are none; labels can also be imported later.",
        )
        self._given, self._videos = given, videos
        self._looked_at: tuple[Path | None, Scheme, Path | None] | None = None
        self._offered: Path | None = None
        self.source = PathLine("Label file or folder", folder=False)
        self.same = QPushButton()
        self.same.setAutoDefault(False)
        self.same.clicked.connect(self._take_same)
        row = QHBoxLayout()
        row.addWidget(self.source, 1)
        row.addWidget(self.same)
        self.panel = ImportPreviewPanel()
        self.column.addLayout(row)
        self.column.addWidget(self.panel, 1)
        self.setFocusProxy(self.source)
        self.source.changed.connect(self._look)
        self.panel.changed.connect(self.complete_changed)
        self.panel.changed.connect(self._no_longer_wait)

    def offer(self, labels: Path | None) -> None:
        """Labels that the pages before have named, once; what somebody has typed here stays."""
        if labels is not None and labels != self._offered and self.source.path is None:
            self.source.show_path(labels)
        self._offered = labels

    def _take_same(self) -> None:
        _, images = self._given()
        if images is not None and images.is_file():  # a video
            images = images.parent
        self.source.show_path(images)

    @property
    def preview(self) -> ImportPreview | None:
        return self.panel.preview

    @override
    def begin(self) -> None:
        videos = self._videos()
        named = ("the &video" if videos == 1 else "the &videos") if videos else "&photographs"
        self.same.setText(f"In the folder of {named}")
        self._look()

    @property
    @override
    def complete(self) -> bool:
        return not self.panel.looking

    @override
    def check(self) -> None:
        if self.source.path is None:
            return
        self._look()
        seen = self.panel.preview
        if self.panel.looking:
            raise ActionableError(
                "The labels are still being looked at.", remedy="Wait, or leave the line empty."
            )
        if seen is None or seen.usable == 0:
            raise ActionableError(
                "None of these labels can be used.",
                kept="Nothing was written.",
                remedy="Choose others, or leave the line empty to go on without.",
            )

    def _no_longer_wait(self) -> None:
        """Nobody waits for what has been looked at."""
        if not self.panel.looking:
            self.problem.hide()

    def _look(self) -> None:
        """Again only where something is different: the answer may have taken a while."""
        scheme, images = self._given()
        wanted = (self.source.path, scheme, images)
        if wanted == self._looked_at:
            return
        self._looked_at = wanted
        self.problem.hide()
        source = self.source.path
        if source is None:
            self.panel.clear()
        else:
            self.panel.look(partial(preview_of_new, source, scheme, images))
