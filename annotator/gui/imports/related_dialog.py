"""Which images are related: what was found by itself, and what somebody says instead."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.services.preview_panel import PreviewPanel
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.setup.related_images import (
    RelatedImages,
    by_pattern,
    preview_related,
)
from landmark_annotator.projects.groups import in_dialog
from landmark_annotator.projects.store import GroupRule, GroupsBy
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.wording import counted

_NAMED = 4
"""Images of a group that are named one by one."""


class RelatedImagesDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(GroupRule)
    """What was looked at is to hold."""

    def __init__(self, project: Path, rule: GroupRule, parent: QWidget | None = None) -> None:
        """project: its folder; rule: that holds now."""
        super().__init__(parent)
        self._project, self._rule = project, rule
        self.setWindowTitle("Related images")
        resize_within(self, QSize(660, 520) * min(letters(self), 1.6))
        told = quiet(
            QLabel(
                "Images of one person, animal or scene are related. What a model learns from is "
                "kept apart from what it is judged by, and related images stay on one side: else "
                "its errors on new images are larger than what it reports."
            )
        )
        told.setWordWrap(True)
        self.ways = QButtonGroup(self)
        self.buttons: dict[GroupsBy, QRadioButton] = {}
        self.pattern = QLineEdit(rule.pattern or "")
        self.pattern.setAccessibleName("Regular expression for the part that is alike")
        self.pattern.setPlaceholderText(r"(person_\d+)_")
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        for by, title in (
            (GroupsBy.EVIDENCE, "As names, &videos and pictures show"),
            (GroupsBy.FOLDERS, "Those of one &folder"),
            (GroupsBy.PATTERN, "Those alike in this part of their &path:"),
            (GroupsBy.NAMES, "As told image by image, by annotator &groups"),
            (GroupsBy.NOTHING, "&None are related"),
        ):
            button = self.buttons[by] = QRadioButton(title)
            button.setChecked(by is rule.by)
            button.setVisible(by is not GroupsBy.NAMES or rule.by is by)
            self.ways.addButton(button)
            line = QHBoxLayout()
            line.addWidget(button)
            if by is GroupsBy.PATTERN:
                line.addWidget(self.pattern, 1)
            column.addLayout(line)
        self.panel = RelatedImagesPanel()
        column.addWidget(self.panel, 1)
        ends = QDialogButtonBox()
        self.take = ends.addButton("&Hold them apart so", QDialogButtonBox.ButtonRole.AcceptRole)
        ends.addButton(QDialogButtonBox.StandardButton.Cancel)
        ends.accepted.connect(self._take)
        ends.rejected.connect(self.reject)
        column.addWidget(ends)
        self.ways.buttonClicked.connect(self._look)
        self.pattern.editingFinished.connect(self._look)
        self.panel.changed.connect(self._show_whether_it_can)
        self.finished.connect(self.panel.close_threads)
        self._look()

    @property
    def by(self) -> GroupsBy:
        return next(by for by, button in self.buttons.items() if button.isChecked())

    def _look(self) -> None:
        by, pattern = self.by, self.pattern.text().strip()
        self.pattern.setEnabled(by is GroupsBy.PATTERN)
        if by is GroupsBy.PATTERN and not pattern:
            self.panel.clear()
            self.pattern.setFocus()
            return
        rule = self._rule if by is GroupsBy.NAMES else GroupRule(by)
        self.panel.look(partial(_looked_at, self._project, rule, pattern))

    def _show_whether_it_can(self) -> None:
        self.take.setEnabled(self.panel.preview is not None)

    def _take(self) -> None:
        seen = self.panel.preview
        if seen is not None:
            self.accept()
            self.wanted.emit(seen.rule)


def _looked_at(project: Path, rule: GroupRule, pattern: str, progress: Progress) -> RelatedImages:
    """A bad pattern is told of where the answer would stand."""
    chosen = by_pattern(pattern) if rule.by is GroupsBy.PATTERN else rule
    return preview_related(project, chosen, progress)


class RelatedImagesPanel(PreviewPanel[RelatedImages]):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Looking for related images",
            "How images are related",
            "Groups of several images",
            parent,
        )

    @override
    def lines_of(self, preview: RelatedImages) -> Sequence[str]:
        found = preview.grouping
        return [
            in_dialog(found.sentence),
            *(
                f"{counted(f.groups, 'group')} with {counted(f.images, 'image')} by {f.why}"
                for f in found.findings
            ),
        ]

    @override
    def items_of(self, preview: RelatedImages) -> Sequence[str]:
        return [_named(group) for group in preview.names]


def _named(group: Sequence[str]) -> str:
    names = ", ".join(group[:_NAMED])
    more = ", \N{HORIZONTAL ELLIPSIS}" if len(group) > _NAMED else ""
    return f"{len(group):,}: {names}{more}"
