"""The projects that were opened last, in the menu of projects."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.widgets.menu_names import in_menu


class RecentMenu(QMenu):
    """Looks at the preferences when it is opened; what is gone from the disk says so then."""

    chosen = Signal(object)
    """(folder of a project)"""

    def __init__(self, preferences: Preferences, here: Path, parent: QWidget) -> None:
        """here: the folder of the project that is open, which is not among them."""
        super().__init__("&Recent projects", parent)
        self._preferences, self._here = preferences, str(here)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        self.clear()
        others = [folder for folder in self._preferences.recent if folder != self._here]
        for folder in others:
            path = Path(folder)
            action = self.addAction(in_menu(path.name))
            action.setToolTip(folder)
            action.triggered.connect(lambda _=False, path=path: self.chosen.emit(path))
        self.menuAction().setEnabled(bool(others))
