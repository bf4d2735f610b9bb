"""The global variables of what is believed, for schemes that have some."""

import numpy as np

from landmark_annotator.annotator.gui.pages.label.panels.variables import reading_text
from landmark_annotator.annotator.session.posterior.global_variables import Reading


def panel_of(hands):
    return hands.window.landmarks.variables


def test_it_shows_the_variables_of_the_scheme(hands):
    hands.qtbot.waitUntil(lambda: panel_of(hands).isVisible())
    assert [row.reading.name for row in panel_of(hands).rows] == ["roll"]
    assert panel_of(hands).rows[0].accessibleName().startswith("roll ")


def test_it_follows_a_click(hands):
    at_work = hands.window.label_page.queries._at_work
    hands.qtbot.waitUntil(
        lambda: panel_of(hands).isVisible() and not at_work.pending("variables"), timeout=20_000
    )
    before = panel_of(hands).rows[0].reading
    hands.click(*hands.free_place())
    hands.qtbot.waitUntil(lambda: panel_of(hands).rows[0].reading is not before)
    assert panel_of(hands).rows[0].reading.deviation < before.deviation


def test_an_accepted_shape_has_nothing_to_guess(hands):
    hands.qtbot.waitUntil(lambda: panel_of(hands).isVisible())
    hands.window.controller.open(hands.order[-1])
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: panel_of(hands).isHidden())


def test_angles_are_whole_degrees_and_openings_have_two_places():
    shares = np.ones(24) / 24
    assert reading_text(Reading("yaw", "\N{DEGREE SIGN}", -12.4, 3.6, -20, 0, shares)) == (
        "\N{MINUS SIGN}12\N{DEGREE SIGN} \N{PLUS-MINUS SIGN} 4"
    )
    assert reading_text(Reading("roll", "\N{DEGREE SIGN}", -0.3, 1.0, -2, 2, shares)) == (
        "0\N{DEGREE SIGN} \N{PLUS-MINUS SIGN} 1"
    )
    assert reading_text(Reading("eye opening", "", 0.213, 0.04, 0, 1, shares)) == (
        "0.21 \N{PLUS-MINUS SIGN} 0.04"
    )
