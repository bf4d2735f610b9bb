"""The preferences: every change shows at once and is kept at once."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.services.application import dress, use_marks
from landmark_annotator.annotator.gui.services.preferences import (
    LARGEST_SCALE,
    LONGEST_LOOK,
    SHORTEST_LOOK,
    SMALLEST_SCALE,
    THEMES,
    Preferences,
)
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField
from landmark_annotator.annotator.gui.window.cache_limit_field import CacheLimitField
from landmark_annotator.annotator.gui.window.keys_table import KeysTable
from landmark_annotator.annotator.gui.window.marks_preferences import MarksPreferences
from landmark_annotator.projects.vocabulary import ActionableError

_TITLES = {"system": "As the system", "dark": "Dark", "light": "Light"}


class PreferencesDialog(QDialog):
    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle("Preferences")
        resize_within(self, QSize(640, 560) * min(themes.letters(self), 1.6))
        self.problem = Banner(self)
        self.theme = QComboBox()
        self.theme.setAccessibleName("Theme")
        for name in THEMES:
            self.theme.addItem(_TITLES[name], name)
        self.theme.setCurrentIndex(THEMES.index(preferences.theme))
        self.theme.currentIndexChanged.connect(self._take_theme)
        self.scale = QSlider(Qt.Orientation.Horizontal)
        self.scale.setAccessibleName("Size of letters in percent")
        self.scale.setRange(SMALLEST_SCALE, LARGEST_SCALE)
        self.scale.setSingleStep(5)
        self.scale.setPageStep(10)
        self.scale.setTickInterval(20)
        self.scale.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.scale.setValue(preferences.font_scale)
        # While it is dragged only the number follows: letters that grow move the slider itself.
        self.scale.setTracking(False)
        self.scale.sliderMoved.connect(self._show_scale)
        self.scale.valueChanged.connect(self._take_scale)
        self.percent = QLabel()
        self._show_scale(preferences.font_scale)
        self.keep_view = QCheckBox("&Stay at the same zoom and place when another image is opened")
        self.keep_view.setChecked(preferences.keep_view)
        self.keep_view.toggled.connect(lambda on: self._prefer(keep_view=on))
        self.learn = QCheckBox("Trai&n a model by itself when there are enough new labels")
        self.learn.setChecked(preferences.learn)
        self.learn.toggled.connect(lambda on: self._prefer(learn=on))
        self.look = DecimalField()
        self.look.setRange(SHORTEST_LOOK, LONGEST_LOOK)
        self.look.setSingleStep(0.5)
        self.look.setDecimals(1)
        self.look.setSuffix(" s")
        self.look.setValue(preferences.sheet_seconds)
        self.look.valueChanged.connect(lambda seconds: self._prefer(sheet_seconds=seconds))
        self.cache = CacheLimitField()
        self.cache.failed.connect(self.problem.show_error)
        self.keys = KeysTable(preferences.keys)
        self.keys.changed.connect(lambda keys: self._prefer(keys=keys))
        tabs = QTabWidget()
        tabs.setAccessibleName("Parts of the preferences")
        tabs.addTab(self._look(), "&Look")
        self.marks = MarksPreferences(preferences)
        self.marks.preferred.connect(self._take_marks)
        tabs.addTab(self.marks, "&Points and lines")
        tabs.addTab(self.keys, "&Keys")
        tabs.setDocumentMode(True)
        self.tabs = tabs
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.problem)
        column.addWidget(tabs, 1)
        column.addWidget(buttons)

    def _look(self) -> QWidget:
        page = QWidget()
        rows = QFormLayout(page)
        rows.setContentsMargins(18, 18, 18, 18)
        rows.setVerticalSpacing(14)
        rows.addRow("&Theme:", self.theme)
        line = QHBoxLayout()
        line.addWidget(self.scale, 1)
        line.addWidget(self.percent)
        label = QLabel("Si&ze of letters:")
        label.setBuddy(self.scale)
        rows.addRow(label, line)
        rows.addRow(self.keep_view)
        rows.addRow(self.learn)
        rows.addRow("Shapes on a s&heet can be accepted once they were seen for:", self.look)
        rows.addRow("&Copies of images from elsewhere may take:", self.cache)
        told = themes.quiet(
            QLabel(
                "Round the photograph it stays a neutral dark in both themes, so that images look "
                "the same to everybody. Every setting holds for all projects."
            )
        )
        told.setWordWrap(True)
        rows.addRow(told)
        return page

    def _show_scale(self, percent: int) -> None:
        self.percent.setText(f"{percent} %")

    def _take_theme(self) -> None:
        self._prefer(theme=self.theme.currentData())
        self._dress()

    def _take_scale(self, percent: int) -> None:
        self._show_scale(percent)
        self._prefer(font_scale=percent)
        self._dress()

    def _take_marks(self, values: dict[str, Any]) -> None:
        try:
            self._preferences.change(**values)
        except ActionableError as error:
            self.problem.show_error(error)
        use_marks(self._preferences)
        self.changed.emit()

    def _dress(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dress(app, self._preferences)

    def _prefer(self, **values: Any) -> None:
        try:
            self._preferences.change(**values)
        except ActionableError as error:
            self.problem.show_error(error)
        self.changed.emit()
