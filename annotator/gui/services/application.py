"""The one application of this process, which every window needs first."""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.services.garbage import search_here
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.style import canvas_colours, themes
from landmark_annotator.annotator.gui.style.focus_ring import FocusRing

_TURN_S = 0.0001
"""How long Python lets a thread run while another waits. A gesture gives way whenever it asks the
database or the disk, some sixty times; with Python's own 5 ms each could cost that much for every
thread at work beside the window. Shorter turns cost three busy threads a tenth of their speed, and
one thread nothing."""


def has_display() -> bool:
    """Whether a window could be seen: always on Windows and macOS, elsewhere where a server is."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """The one application of this process, with our look. Without a display it draws offscreen."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.setswitchinterval(_TURN_S)
    qInstallMessageHandler(_pass_on)
    app = QApplication.instance() or QApplication(["annotator"])
    assert isinstance(app, QApplication)
    search_here(app)
    FocusRing.of(app)
    app.setApplicationName("landmark-annotator")
    themes.apply(app)
    return app


def dress(app: QApplication, preferences: Preferences) -> None:
    """Everything looks as the user has it, from now on."""
    themes.apply(app, preferences.theme, preferences.font_scale)
    use_marks(preferences)


def use_marks(preferences: Preferences) -> None:
    """What is painted over photographs looks as the user has it, in every window at once."""
    canvas_colours.use(
        canvas_colours.CanvasLook(
            preferences.point_size,
            preferences.line_width,
            preferences.ellipse_strength,
            preferences.palette,
        )
    )
    for widget in QApplication.allWidgets():
        widget.update()


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages to the terminal, less one that the offscreen platform repeats for nothing."""
    if "does not support propagateSizeHints" not in message:
        print(message, file=sys.stderr)  # noqa: T201
