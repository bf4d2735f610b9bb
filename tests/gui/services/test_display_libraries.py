"""Without a library of the system that Qt takes for a window that is said, and nothing aborts."""

import ctypes
import sys

import pytest

from landmark_annotator.annotator.cli.support import qt_loader
from landmark_annotator.annotator.gui.services.display_libraries import lacking_library
from landmark_annotator.projects.vocabulary.errors import MissingPackage


@pytest.fixture
def without(monkeypatch):
    """On an X server whose system lacks a library."""

    def load(path, *args, **kwargs):
        raise OSError("libxcb-icccm.so.4: cannot open shared object file: No such file")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr("pathlib.Path.exists", lambda path: True)
    monkeypatch.setenv("DISPLAY", ":0")
    for other in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(other, raising=False)


def test_the_library_and_the_packages_are_named(without):
    assert lacking_library() == "libxcb-icccm.so.4"
    with pytest.raises(MissingPackage, match=r"finds no libxcb-icccm\.so\.4") as raised:
        qt_loader.run_window(None)
    assert "libxcb-icccm4" in raised.value.remedy


@pytest.mark.parametrize("other", ["QT_QPA_PLATFORM", "WAYLAND_DISPLAY"])
def test_where_another_platform_shows_the_window_nothing_is_asked(without, monkeypatch, other):
    monkeypatch.setenv(other, "offscreen")
    assert lacking_library() is None


def test_where_somebody_asks_for_an_x_server_it_is_asked(without, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert lacking_library() == "libxcb-icccm.so.4"
