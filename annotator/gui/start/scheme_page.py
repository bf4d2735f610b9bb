"""Which landmarks: a scheme that is built in, in a file, typed as names, or drawn on an image."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.start.region_choice import RegionChoice
from landmark_annotator.annotator.gui.start.wizard_page import WizardPage
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.path_line import PathLine
from landmark_annotator.annotator.session.setup.drawn_labels import DrawnLabels
from landmark_annotator.annotator.session.setup.new_project import first_photograph, typed_scheme
from landmark_annotator.projects.exchange import scheme_from, sniff
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError, SchemeError
from landmark_annotator.projects.vocabulary.scheme import built_in_names
from landmark_annotator.projects.vocabulary.wording import counted

_MORE = "\N{HORIZONTAL ELLIPSIS}"
_NAME = "Name of the scheme, such as leaf"


class SchemePage(WizardPage):
    broke = Signal(Exception)

    def __init__(self) -> None:
        super().__init__(
            "Landmarks",
            "Every instance of the project has the same landmarks, in the same order. Later "
            "changes keep labels at their landmarks; what is added then has to be placed "
            "everywhere.",
        )
        self.scheme: Scheme | None = None
        """Once the page was passed."""
        self.built_in = QComboBox()
        self.built_in.setAccessibleName("Built-in scheme")
        for name in built_in_names():
            scheme = Scheme.named(name)
            self.built_in.addItem(
                f"{scheme.title or scheme.name} ({counted(len(scheme), 'landmark')})", name
            )
        self.file = PathLine(
            "Scheme file, list of names, or labels that name their landmarks",
            folder=False,
            files="Schemes and labels (*.toml *.json *.txt *.slp *.csv *.h5 *.xml)",
        )
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the scheme")
        self.name.setPlaceholderText(_NAME)
        self.names = QPlainTextEdit()
        self.names.setAccessibleName("Names of the landmarks, one on each line")
        self.names.setPlaceholderText("stem\nleft lobe\ntip\nright lobe")
        self.names.setTabChangesFocus(True)
        self.names.setMinimumHeight(9 * self.fontMetrics().lineSpacing())
        # As high as that, and not as Qt would have it: what the names come to stands below them.
        policies = QSizePolicy.Policy
        self.names.setSizePolicy(policies.Expanding, policies.Ignored)
        self.drawn: Scheme | None = None
        """What was drawn in the editor."""
        self._labels: DrawnLabels | None = None
        """And where its landmarks were clicked."""
        self.photographs: Callable[[], Path | None] = lambda: None
        """The folder of those that the project is to have, or its video."""
        self.project_name: Callable[[], str] = lambda: ""
        """What typed names are called where nobody gives them a name."""
        self.draw = QPushButton("&Draw it on an image\N{HORIZONTAL ELLIPSIS}")
        self.draw.setAutoDefault(False)
        self.draw.clicked.connect(self._draw)
        self.regions = RegionChoice()
        self.seen = quiet(QLabel())
        self.seen.setWordWrap(True)
        self.seen.setAccessibleName("What the scheme holds")
        typed = QWidget()
        rows = QFormLayout(typed)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addRow(self.name)
        rows.addRow(self.names)
        self.ways: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._parts: dict[str, QWidget] = {}
        column = QVBoxLayout()
        for way, title, part in (
            ("built-in", "B&uilt in", self.built_in),
            ("file", "From a &file", self.file),
            ("typed", "&Typed here: one name on each line", typed),
            (
                "drawn",
                "D&rawn: clicked on one of the photographs, or the first frame of a video",
                self.draw,
            ),
        ):
            button = QRadioButton(title)
            button.toggled.connect(self._show)
            self._group.addButton(button)
            self.ways[way], self._parts[way] = button, part
            column.addWidget(button)
            inner = QVBoxLayout()
            inner.setContentsMargins(24, 0, 0, 6)
            inner.addWidget(part)
            column.addLayout(inner)
        self.column.addLayout(column)
        self.column.addWidget(self.regions)
        self.column.addWidget(self.seen)
        self.column.addStretch(1)
        self.built_in.currentIndexChanged.connect(self._show)
        self.file.changed.connect(self._show)
        self.names.textChanged.connect(self._show)
        self.name.textChanged.connect(self._show)
        self.regions.changed.connect(self._show)
        self.ways["built-in"].setChecked(True)
        self.setFocusProxy(self.ways["built-in"])

    @override
    def begin(self) -> None:
        name = self.project_name()
        self.name.setPlaceholderText(f"Name of the scheme: {name}" if name else _NAME)
        self._show()

    @override
    def passed(self) -> bool:
        if self.ways["drawn"].isChecked() and self.drawn is None:
            self._draw()  # whoever wants to go on has to, first
            return False
        return super().passed()

    @override
    def check(self) -> None:
        self.scheme = self._read()

    def _read(self) -> Scheme:
        return self.regions.given_to(self._chosen())

    def _chosen(self) -> Scheme:
        if self.ways["built-in"].isChecked():
            return Scheme.named(self.built_in.currentData())
        if self.ways["typed"].isChecked():
            name = self.name.text().strip() or self.project_name()
            return typed_scheme(name, self.names.toPlainText())
        if self.ways["drawn"].isChecked():
            if self.drawn is None:
                raise SchemeError("No scheme is drawn yet.", remedy="Draw one, or type its names.")
            return self.drawn
        path = self.file.path
        if path is None:
            raise SchemeError("No scheme file is named yet.", remedy="Choose one.")
        return scheme_from(path)

    @property
    def labels(self) -> DrawnLabels | None:
        """Of the photograph that the chosen scheme was drawn on; None where on none."""
        return self._labels if self.ways["drawn"].isChecked() else None

    @property
    def labels_file(self) -> Path | None:
        """What the chosen scheme was read from, where that holds labels."""
        path = self.file.path if self.ways["file"].isChecked() else None
        try:
            if path is not None:
                sniff(path)
        except FormatError:
            return None
        return path

    @property
    def is_made_here(self) -> bool:
        """Whether no file has it yet."""
        return self.ways["drawn"].isChecked() or self.regions.is_edited

    def _draw(self) -> None:
        """Goes on with what was drawn before."""
        from landmark_annotator.annotator.gui.schemes.dialog import FIRST, NewSchemeDialog

        folder = self.photographs()
        photograph = None if folder is None else first_photograph(folder)
        dialog = NewSchemeDialog(self.drawn or FIRST, photograph, self, drawn=self._labels)
        dialog.accepted.connect(lambda: self._take(dialog.scheme, dialog.labels))
        dialog.broke.connect(self.broke)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, scheme: Scheme, labels: DrawnLabels | None) -> None:
        self.drawn, self._labels = scheme, labels
        self.regions.choice.setCurrentIndex(0)  # those that were drawn with it
        self._show()

    def _show(self) -> None:
        for way, part in self._parts.items():
            part.setVisible(self.ways[way].isChecked())
        self.problem.hide()
        try:
            scheme = self._read()
        except ActionableError:
            # Told when the user wants to go on: half-typed is no mistake.
            self.seen.setText("")
            self.regions.show_scheme(None)
            return
        first = ", ".join(scheme.landmarks[:8])
        more = f", {_MORE}" if len(scheme) > 8 else ""
        count = len(scheme.partners)
        pairs = f"; left and right in {count} pair{'' if count == 1 else 's'}" if count else ""
        count = len(scheme.regions)
        kept = self.labels
        said = [
            f"{counted(len(scheme), 'landmark')}{pairs}: {first}{more}",
            *([f"Masks of {counted(count, 'region')}"] if count else []),
            *([f"The clicks on {kept.photograph.name} are its first labels"] if kept else []),
        ]
        self.seen.setText(". ".join(said).replace(f"{_MORE}. ", f"{_MORE} "))
