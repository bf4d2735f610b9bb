"""Loading the window's part of the program, which needs Qt and its system libraries."""

import importlib
import signal
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.cli.support.ending_signals import ENDING
from landmark_annotator.annotator.cli.support.person import who
from landmark_annotator.projects.vocabulary.errors import ActionableError, MissingPackage

_KEPT = "Everything but the window works without it."
_CLONE = "In a clone of this project, `make demo` installs what is missing."
_OF_X = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 "
    "libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1"
)
"""Packages of Debian and Ubuntu."""


def gui(module: str) -> Any:
    """A module of landmark_annotator.annotator.gui. Raises MissingPackage where Qt cannot be
    loaded."""
    try:
        return importlib.import_module(f"landmark_annotator.annotator.gui.{module}")
    except ImportError as error:
        if error.name is not None and error.name.startswith("landmark_annotator"):
            raise
        raise MissingPackage(
            f"Qt, which draws the window, cannot be loaded: {error}.",
            kept=_KEPT,
            remedy=f"{_CLONE} Otherwise: pip install PySide6-Essentials pyqtgraph; on Debian and "
            f"Ubuntu also apt-get install libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 "
            f"{_OF_X}",
        ) from error


def samples_folder() -> Path:
    """Where this user's sample project is kept."""
    import platformdirs

    return platformdirs.user_data_path("landmark-annotator", appauthor=False) / "samples"


def can_show() -> bool:
    """Whether a window could be seen here, and Qt is there to draw it."""
    try:
        return bool(gui("services.application").has_display())
    except MissingPackage:
        return False


def check_display() -> None:
    """Raises ActionableError where no window could be seen."""
    if not gui("services.application").has_display():
        raise ActionableError(
            "There is no display here to show a window on.",
            remedy="Run it on a desktop, or with X forwarding (ssh -X). "
            "Without a display: annotator demo --screenshot FILE.",
        )


def run_window(project: Path | None) -> int:
    """Opens the window, or the start page, and returns its exit status once it is closed. Raises
    MissingPackage where the system lacks what shows it."""
    app = gui("app")
    lacking = gui("services.display_libraries").lacking_library()
    if lacking is not None:
        raise MissingPackage(
            f"Qt, which draws the window, finds no {lacking} on this system.",
            kept=_KEPT,
            remedy=f"{_CLONE} Otherwise, on Debian and Ubuntu: apt-get install {_OF_X}",
        )
    # Qt's loop would not see Python's handlers. Ending at once is safe: every click is stored.
    for number in (signal.SIGINT, *ENDING):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    return int(app.run(project, who=who(), samples=samples_folder()))
