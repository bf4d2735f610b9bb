"""Starts the window."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from annotator.gui import themes
from annotator.gui.main_window import MainWindow
from annotator.gui.preferences import Preferences, usual_path
from projects.store import Project


def has_display() -> bool:
    """Whether a window could be seen: always on Windows and macOS, elsewhere where a server is."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """The one application of this process, with our look. Without a display it draws offscreen."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_pass_on)
    app = QApplication.instance() or QApplication(["annotator"])
    assert isinstance(app, QApplication)
    app.setApplicationName("landmark-annotator")
    themes.apply(app)
    return app


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages to the terminal, less one that the offscreen platform repeats for nothing."""
    if "does not support propagateSizeHints" not in message:
        print(message, file=sys.stderr)  # noqa: T201


def run(project_folder: Path, *, who: str) -> int:
    """Opens the window on a project and returns its exit status once it is closed.

    Raises what `Project.open` raises, before any window is shown.
    """
    with Project.open(project_folder) as project:
        app = application()
        window = MainWindow(project, who=who, preferences=Preferences.load(usual_path()))
        window.messages.install()
        window.show()
        # After the first paint, so that a slow disk delays the photograph and not the window.
        QTimer.singleShot(0, window.start)
        try:
            return app.exec()
        finally:
            window.messages.uninstall()
