"""What takes long to load is there before a page asks for it, and after the photograph."""

import subprocess
import sys

import pytest

from landmark_annotator.annotator.gui.services import garbage
from landmark_annotator.projects.vocabulary.errors import ServerAway

PROGRAM = """
import sys, time
from pathlib import Path
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.store import Project

app = application()
with Project.open(Path(sys.argv[1])) as project:
    window = MainWindow(project, who="somebody")
    window.show()
    first = []
    window.preparation.picture_ready.connect(lambda _: first.append("pyqtgraph" in sys.modules))
    window.start()
    end = time.monotonic() + 120
    page = "landmark_annotator.annotator.gui.pages.budget.page"
    while page not in sys.modules and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.002)
    print(first[0], "pyqtgraph" in sys.modules)
    window.close()
"""


def test_plots_are_loaded_after_the_first_photograph_and_before_their_page(make_project):
    # In a process of its own: in this one they are loaded already.
    folder = make_project(labelled=2, untouched=1).folder
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        pytest.fail(ended.stderr)
    assert ended.stdout.split() == ["False", "True"]


def test_what_fails_there_is_noted_and_in_the_log(make_project, open_window, qtbot, tmp_path):
    window = open_window(make_project(labelled=2, untouched=1), start=False).window

    def broken() -> None:
        raise KeyError("no such question")

    window._preloading._questions = broken
    window.start()
    qtbot.waitUntil(lambda: not window.messages.banner.isHidden(), timeout=20_000)
    assert "could not be made ready" in window.messages.banner.text.text()
    log = tmp_path / "window.log"
    assert "no such question" in log.read_text()
    assert window.messages._report is None
    log.unlink()


def test_a_server_that_is_away_then_takes_no_message_away(make_project, open_window, qtbot):
    window = open_window(make_project(labelled=2, untouched=1), start=False).window
    asked = []

    def away() -> None:
        asked.append(True)
        raise ServerAway("The server does not answer.")

    window._preloading._questions = away
    window.start()
    window.messages.note("This was not stored.")
    qtbot.waitUntil(lambda: bool(asked) and garbage.is_searched_for(), timeout=20_000)
    assert "could not be made ready" not in window.messages.banner.text.text()


@pytest.mark.parametrize("ended", ["by itself", "closed"])
def test_garbage_is_searched_for_again(make_project, open_window, qtbot, ended):
    window = open_window(make_project(labelled=2, untouched=1), start=False).window
    window._preloading._load()
    assert not garbage.is_searched_for()
    if ended == "closed":
        window._preloading.close()
    qtbot.waitUntil(garbage.is_searched_for, timeout=60_000)


WATCHED = """
import PySide6.QtGui, PySide6.QtWidgets

class Watching:
    not_made = None

    def find_spec(self, name, path=None, target=None):
        if name == "pyqtgraph":
            qt = PySide6.QtGui, PySide6.QtWidgets
            Watching.not_made = [n for module in qt for n in dir(module) if n not in vars(module)]

sys.meta_path.insert(0, Watching())
"""


def test_classes_of_qt_are_made_before_anything_is_loaded_beside_the_window(make_project):
    # PySide makes a class when its name is first read, and must not do so in another thread.
    folder = make_project(labelled=2, untouched=1).folder
    watched = PROGRAM.replace("app = application()", WATCHED + "app = application()")
    program = watched + "print(Watching.not_made)"
    ended = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"
