"""Qt's classes, which PySide makes when their names are first read, made in the window's thread.

Whoever loads pyqtgraph reads all of these names. Twice in eleven runs of some tests on a busy
machine the program died while a thread beside the window did so: nobody says that PySide's tables
may be written there while the window reads them (PySide6 6.11).
"""

from collections.abc import Iterator
from importlib import import_module

_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtTest", "QtSvg", "QtOpenGLWidgets")
"""Those that pyqtgraph loads."""


def made_one_by_one() -> Iterator[str]:
    """Makes a class with each step, and says which; all take some tenths of a second."""
    for module in _MODULES:
        try:
            loaded = import_module(f"PySide6.{module}")
        except ImportError:  # of a module that is not installed nothing is ever made
            continue
        for name in dir(loaded):
            getattr(loaded, name)
            yield name
