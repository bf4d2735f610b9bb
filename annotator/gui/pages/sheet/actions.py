"""The actions of the sheet."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="sheet")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "sheet_accept",
        "Sheet",
        "Accept all that are shown",
        ("Return", "Enter"),
        "Every shape on the sheet is right, but for those left out; the next sheet follows",
    ),
    _Card(
        "sheet_leave_out",
        "Sheet",
        "Leave this one out, or not",
        ("Backspace",),
        "The object under the cursor is not accepted with the others, and waits for later",
    ),
    _Card(
        "sheet_open",
        "Sheet",
        "Open this one in full",
        ("Ctrl+Return", "Ctrl+Enter"),
        "On the label page; once it is accepted there, back to the sheet",
    ),
    _Card(
        "sheet_take_back",
        "Sheet",
        "Take back what was done to this one",
        ("Delete",),
        "The last thing that you did to the object under the cursor, and nothing of the others",
    ),
    _Card(
        "sheet_hidden",
        "Sheet",
        "Mark what is probably hidden on this one",
        ("O",),
        "What the model takes to be hidden on the object under the cursor; once more: none of it",
    ),
    _Card(
        "sheet_all_hidden",
        "Sheet",
        "Mark all that is probably hidden",
        ("Shift+O",),
        "The same of all that are shown, but for those left out, as one step",
    ),
    _Card(
        "sheet_left_out",
        "Sheet",
        "What the file left out of this one is not in the image",
        ("X",),
        "No landmark that a file left out of the object under the cursor is in the image",
    ),
    _Card(
        "sheet_all_left_out",
        "Sheet",
        "Nothing that files left out is in the images",
        ("Shift+X",),
        "The same of all that are shown, but for those left out, as one step",
    ),
    _Card(
        "sheet_flag",
        "Sheet",
        "Flag this one\N{HORIZONTAL ELLIPSIS}",
        ("R",),
        "Raise a flag with a comment: somebody should look at it; it is left out",
    ),
    _Card(
        "sheet_exclude",
        "Sheet",
        "Exclude this one\N{HORIZONTAL ELLIPSIS}",
        ("Shift+Delete",),
        "With a reason: it leaves every count, training and export, and keeps its labels",
    ),
    _Card(
        "sheet_no_object",
        "Sheet",
        "This is no object",
        ("Ctrl+Delete",),
        "What was found under the cursor is none: it leaves every count",
    ),
    _Card(
        "sheet_next",
        "Sheet",
        "Next sheet",
        ("PgDown",),
        "Leave all that is not accepted for later",
        repeats=True,
    ),
    _Card(
        "sheet_previous", "Sheet", "Sheet before", ("PgUp",), "Back to the one before", repeats=True
    ),
    _Card("sheet_fewer", "Sheet", "Fewer, larger", ("+", "="), "Show fewer objects, each larger"),
    _Card("sheet_more", "Sheet", "More, smaller", ("-",), "Show more objects, each smaller"),
    _Card(
        "sheet_order",
        "Sheet",
        "Another order",
        ("W",),
        "The surest first, the least sure first, or the order of the project",
    ),
)
