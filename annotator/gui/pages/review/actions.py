"""The actions of the review page."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="review")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "review_accept",
        "Review",
        "Passes",
        ("Return", "Enter"),
        "The shape passes the review as it is; the next one follows",
    ),
    _Card(
        "review_send_back",
        "Review",
        "Send back\N{HORIZONTAL ELLIPSIS}",
        ("Backspace", "Delete"),
        "Back to the annotators with a comment; the next one follows",
    ),
    _Card(
        "review_flag",
        "Review",
        "Flag\N{HORIZONTAL ELLIPSIS}",
        ("R",),
        "Raise a flag: somebody else should look at this one; with a comment",
    ),
    _Card(
        "review_other",
        "Review",
        "Show the other shape",
        ("V",),
        "Where two people made a shape of one object at the same time: see the other one",
    ),
    _Card(
        "review_choose",
        "Review",
        "Choose the shape that is shown",
        ("Shift+V",),
        "Of two shapes that people made at the same time, this one is right",
    ),
    _Card(
        "review_certify",
        "Review",
        "Certify\N{HORIZONTAL ELLIPSIS}",
        ("C",),
        "Check shapes drawn at random until it is certain how good the accepted ones are",
    ),
    _Card(
        "review_rule",
        "Review",
        "Accept by rule\N{HORIZONTAL ELLIPSIS}",
        ("Shift+C",),
        "Let a rule accept proposals that are safe, once checks of some have shown it",
    ),
    _Card(
        "review_next", "Review", "Next to review", ("PgDown",), "Leave it for later", repeats=True
    ),
    _Card(
        "review_previous", "Review", "Previous to review", ("PgUp",), "The one before", repeats=True
    ),
    _Card(
        "review_correct",
        "Review",
        "Correct it",
        ("Ctrl+Return", "Ctrl+Enter"),
        "Open it on the label page, to move its landmarks",
    ),
    _Card(
        "review_landmark",
        "Review",
        "Next landmark",
        ("Tab",),
        "Point at the next landmark, and who placed it",
        repeats=True,
    ),
    _Card(
        "review_landmark_back",
        "Review",
        "Landmark before",
        ("Shift+Tab",),
        "Point at the landmark before",
        repeats=True,
    ),
    _Card("review_zoom_in", "Review", "Zoom in", ("+", "="), "Zoom in at the cursor", repeats=True),
    _Card("review_zoom_out", "Review", "Zoom out", ("-",), "Zoom out at the cursor", repeats=True),
    _Card("review_fit", "Review", "Fit the object", ("F",), "Fit the shape into the view"),
    _Card("review_whole", "Review", "Whole image", ("0",), "Show the whole image"),
)
