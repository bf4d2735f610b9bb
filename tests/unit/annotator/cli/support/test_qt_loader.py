"""Loading the window's part of the program."""

import importlib

import pytest

from landmark_annotator.annotator.cli.support.qt_loader import gui
from landmark_annotator.projects.vocabulary.errors import MissingPackage


def test_a_missing_system_library_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(name: str) -> None:
        raise ImportError("libGL.so.1: cannot open shared object file", name="PySide6.QtGui")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(MissingPackage, match=r"libGL\.so\.1.*apt-get install"):
        gui("app")


def test_a_mistake_of_ours_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError):
        gui("no_such_module")
