"""The numbers on the axes of every page that has plots, as a lead reads them after a while."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axis_numbers import wrong_numbers
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import landmark_annotator.annotator.gui.pages
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.style.plots import Plot
from landmark_annotator.annotator.session.models.library import ModelLibrary
from tests.kept_trainings import keep_training

CONTROL = Qt.KeyboardModifier.ControlModifier
PAGES = {"dashboard": Qt.Key.Key_4, "budget": Qt.Key.Key_5, "trainings": Qt.Key.Key_7}
CURVES = {
    "loss": ((1, 2.26), (2, 1.18), (3, 0.97)),
    "held-out error": ((1, 0.74), (3, 0.37)),
}


@pytest.fixture
def app(qapp):
    yield qapp
    themes.apply(qapp)


@pytest.fixture
def hands(make_project, open_window):
    """At a window on a project with some minutes of work and a model whose error is 0.37 %."""
    project = make_project(untouched=8)
    for record in project.instances()[:6]:
        for landmark in range(2):
            project.place(record.id, landmark, (90.0 + landmark, 80.0), who="ada", duration=3.0)
        project.accept(record.id, project.shape(project.instances()[-1].id), who="ada")
    for labels, error in ((12, 0.374), (24, 0.36)):
        keep_training(ModelLibrary.of(project), "exemplar", labels, error, curves=CURVES)
    hands = open_window(project)
    hands.window.resize(1440, 900)
    return hands


def visit(hands, qtbot, name: str) -> list[Plot]:
    """Turns to the page by its key and waits for its plots."""
    hands.window.activateWindow()
    hands.key(PAGES[name], CONTROL)
    page = hands.window.pages.page(name)
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    QApplication.processEvents()
    return [plot for plot in page.findChildren(Plot) if plot.currentWidget() is plot.drawing]


def wrong(plots: list[Plot]) -> dict[str, list[str]]:
    found = {plot.drawing.accessibleName(): wrong_numbers(plot) for plot in plots}
    return {name: said for name, said in found.items() if said}


@pytest.mark.parametrize("name", PAGES)
def test_the_numbers_stay_true(app, hands, qtbot, name: str) -> None:
    def look_again() -> None:
        hands.key(Qt.Key.Key_1, CONTROL)
        visit(hands, qtbot, name)

    def letters(scale: int, theme: str) -> Callable[[], None]:
        return lambda: themes.apply(app, theme, scale)

    plots = visit(hands, qtbot, name)
    assert len(plots) > 1
    assert wrong(plots) == {}
    for change in (
        look_again,
        lambda: hands.window.resize(1900, 1000),
        letters(150, "light"),
        look_again,
        letters(100, "dark"),
        lambda: hands.window.resize(1300, 800),
        look_again,
    ):
        change()
        qtbot.wait(20)
        assert wrong(plots) == {}


def test_an_open_page_follows_the_theme(app, hands, qtbot) -> None:
    plots = visit(hands, qtbot, "dashboard")
    themes.apply(app, "light")

    def grounds() -> set[str]:
        return {plot.drawing.backgroundBrush().color().name() for plot in plots}

    qtbot.waitUntil(lambda: grounds() == {themes.LIGHT.base}, timeout=20_000)


def test_every_page_with_plots_is_looked_at() -> None:
    folder = Path(landmark_annotator.annotator.gui.pages.__file__).parent
    drawn = {
        path.relative_to(folder).parts[0]
        for path in folder.rglob("*.py")
        if re.search(r"style\.plots|pyqtgraph", path.read_text())
    }
    assert drawn == set(PAGES)
