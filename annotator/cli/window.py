"""Loading the window's part of the program, which needs Qt and its system libraries."""

import importlib
import signal
from pathlib import Path
from typing import Any

from annotator.cli.person import who
from projects.vocabulary.errors import MissingPackage


def gui(module: str) -> Any:
    """A module of annotator.gui. Raises MissingPackage where Qt cannot be loaded."""
    try:
        return importlib.import_module(f"annotator.gui.{module}")
    except ImportError as error:
        if error.name is not None and error.name.startswith("annotator"):
            raise
        raise MissingPackage(
            f"Qt, which draws the window, cannot be loaded: {error}.",
            kept="Everything but the window works without it.",
            remedy="In a clone of this project, `make demo` installs what is missing. Otherwise: "
            "pip install PySide6-Essentials pyqtgraph; on Debian and Ubuntu also "
            "apt-get install libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 "
            "libxcb-cursor0",
        ) from error


def run_window(project: Path) -> int:
    """Opens the window and returns its exit status once it is closed."""
    app = gui("app")
    # Qt's loop would not see Python's handler. Ending at once is safe: every click is stored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return int(app.run(project, who=who()))
