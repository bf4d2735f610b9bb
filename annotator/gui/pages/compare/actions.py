"""The actions of the compare page."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="compare")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "compare_next",
        "Compare",
        "Next object",
        ("PgDown",),
        "The one on which they agree more",
        repeats=True,
    ),
    _Card(
        "compare_previous",
        "Compare",
        "Previous object",
        ("PgUp",),
        "The one on which they agree less",
        repeats=True,
    ),
    _Card(
        "compare_landmark",
        "Compare",
        "Next landmark",
        ("Tab",),
        "Point at the landmark that comes next, the worst one first",
        repeats=True,
    ),
    _Card(
        "compare_landmark_back",
        "Compare",
        "Landmark before",
        ("Shift+Tab",),
        "Point at the landmark before",
        repeats=True,
    ),
    _Card(
        "compare_beside",
        "Compare",
        "Side by side",
        ("D",),
        "Two views of the image in place of both shapes in one",
        toggles=True,
    ),
    _Card(
        "compare_first_stands",
        "Compare",
        "First person's label stands",
        ("1",),
        "Let the first person's label stand for the object: the other one no longer counts, and is "
        "in no export",
    ),
    _Card(
        "compare_second_stands",
        "Compare",
        "Second person's label stands",
        ("2",),
        "Let the second person's label stand for the object: the other one no longer counts, and "
        "is in no export",
    ),
    _Card(
        "compare_both_count",
        "Compare",
        "Both labels count",
        ("B",),
        "Both labels of the object count again, where one was let stand",
    ),
    _Card(
        "compare_open",
        "Compare",
        "Correct it",
        ("Ctrl+Return", "Ctrl+Enter"),
        "Open the label that stands, or the first person's, on the label page",
    ),
    _Card(
        "compare_ask",
        "Compare",
        "Ask for second opinions\N{HORIZONTAL ELLIPSIS}",
        ("A",),
        "Put accepted objects, drawn at random, into the list again for another person to label",
    ),
    _Card(
        "compare_flag",
        "Compare",
        "Flag what falls out",
        ("R",),
        "Send labels that are far from everybody else's to review, each with what is odd",
    ),
    _Card(
        "compare_zoom_in", "Compare", "Zoom in", ("+", "="), "Zoom in at the cursor", repeats=True
    ),
    _Card(
        "compare_zoom_out", "Compare", "Zoom out", ("-",), "Zoom out at the cursor", repeats=True
    ),
    _Card("compare_fit", "Compare", "Fit the object", ("F",), "Fit both shapes into the view"),
    _Card("compare_whole", "Compare", "Whole image", ("0",), "Show the whole image"),
)
