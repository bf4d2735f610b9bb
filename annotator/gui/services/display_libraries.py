"""The system's libraries without which Qt shows no window on an X server: none of its packages
brings them."""

import ctypes
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo


def lacking_library() -> str | None:
    """The first one that is not there, by its file's name; None where a window can be shown.

    Qt itself ends the whole program there, and names another one.
    """
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return None
    asked = os.environ.get("QT_QPA_PLATFORM", "")  # before anything that the desktop says
    if not asked.startswith("xcb") and (asked or os.environ.get("WAYLAND_DISPLAY")):
        return None
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    plugin = plugins / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error).partition(":")[0]
    return None
