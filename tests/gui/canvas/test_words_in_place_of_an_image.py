"""Why there is no photograph can be read in every theme."""

from collections.abc import Iterator

import pytest

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.style import canvas_colours, themes
from landmark_annotator.projects.vocabulary import ActionableError


@pytest.fixture(params=["light", "dark"])
def canvas(qapp, qtbot, request) -> Iterator[Canvas]:
    themes.apply(qapp, request.param)
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 480)
    canvas.show()
    yield canvas
    themes.apply(qapp)


def brightest(canvas: Canvas) -> int:
    image = canvas.grab(canvas.failure.geometry()).toImage()
    return max(
        image.pixelColor(x, y).lightness()
        for x in range(image.width())
        for y in range(image.height())
    )


def test_what_failed_and_what_is_waited_for_stand_out_of_the_surround(canvas):
    dark = canvas_colours.SURROUND.lightness()
    canvas.show_failure(ActionableError("There is no image here."))
    assert brightest(canvas) > dark + 120
    canvas.show_waiting("Reading a large image.")
    assert brightest(canvas) > dark + 120
