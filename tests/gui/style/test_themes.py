"""Both themes can be read, follow the system where asked, and leave the canvas alone."""

from dataclasses import asdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.style import canvas_colours, themes
from landmark_annotator.annotator.gui.style.themes import DARK, LIGHT, Theme


@pytest.fixture
def app(qapp):
    yield qapp
    themes.apply(qapp)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = QColor(colour).getRgbF()[:3]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_all_that_is_written_stands_out(theme: Theme):
    ground = [theme.window, theme.base, theme.alternate]
    written = ("text", "quiet", "mark", "link", "new", "started", "accepted")
    pairs = [(getattr(theme, name), on) for name in written for on in ground]
    pairs += [(theme.text, on) for on in (theme.button, theme.problem, theme.note)]
    pairs += [(theme.on_chosen, theme.chosen), (theme.tick, theme.box), (theme.quiet, theme.button)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_every_colour_of_a_theme_is_one(app):
    for theme in (DARK, LIGHT):
        colours = {name: value for name, value in asdict(theme).items() if name != "name"}
        assert [name for name, value in colours.items() if not QColor(value).isValid()] == []


def test_the_light_theme_is_light_and_the_canvas_stays_dark(app, hands):
    themes.apply(app, "light")
    assert app.palette().color(QPalette.ColorRole.Window).lightness() > 200
    hands.wheel(120, 100, -20)
    QApplication.processEvents()
    assert hands.canvas.grab().toImage().pixelColor(2, 2) == canvas_colours.SURROUND


def test_it_can_be_changed_while_the_window_is_open(app, hands):
    row = hands.window.landmarks.tree.topLevelItem(0)
    themes.apply(app, "light")
    themes.apply(app, "dark")
    assert row.foreground(0).color() != QColor(LIGHT.text)
    assert hands.window.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)


def test_where_the_system_does_not_say_it_is_dark(app, monkeypatch):
    themes.apply(app, "system")
    said = app.styleHints().colorScheme()
    expected = LIGHT if said is Qt.ColorScheme.Light else DARK
    assert themes.current() is expected


@pytest.mark.parametrize("scale", [80, 100, 200])
def test_letters_grow_by_the_scale_and_not_twice(app, scale):
    themes.apply(app, font_scale=100)
    usual = app.font().pointSizeF()
    themes.apply(app, font_scale=scale)
    themes.apply(app, font_scale=scale)
    assert app.font().pointSizeF() == pytest.approx(usual * scale / 100)
