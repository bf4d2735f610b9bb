"""Every action of the window, with its keys and what it does: the one table of them.

Menus, shortcuts, status tips and the table of keys that `?` shows are all made from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True)
class ActionCard:
    """name: what code calls it; keys: as QKeySequence reads them, the first is shown.

    toggles: it is on or off, and what it calls is told which.
    """

    name: str
    menu: str
    title: str
    keys: tuple[str, ...]
    tip: str
    toggles: bool = False


ACTIONS: tuple[ActionCard, ...] = (
    ActionCard(
        "accept",
        "Label",
        "Accept and go on",
        ("Return", "Enter"),
        "Accept the landmarks as they are and open the next image without labels",
    ),
    ActionCard(
        "confirm",
        "Label",
        "This point is right",
        ("C",),
        "Say that the landmark asked for is right where it is",
    ),
    ActionCard(
        "clear",
        "Label",
        "Take the point back",
        ("Delete", "Backspace"),
        "Take back what was clicked for this landmark; the model places it again",
    ),
    ActionCard(
        "occluded",
        "Label",
        "Hidden by something",
        ("O",),
        "Say that the landmark asked for is there but hidden; it keeps its place",
    ),
    ActionCard(
        "absent",
        "Label",
        "Not in the image",
        ("X",),
        "Say that the landmark asked for is not in the image; it loses its place",
    ),
    ActionCard(
        "visible",
        "Label",
        "Visible after all",
        ("V",),
        "Say that the landmark asked for is neither hidden nor missing",
    ),
    ActionCard("skip", "Label", "Ask for another", ("Tab",), "Ask for another landmark instead"),
    ActionCard(
        "skip_back",
        "Label",
        "Ask for the one before",
        ("Shift+Tab",),
        "Ask for the landmark before this one",
    ),
    ActionCard(
        "swap",
        "Label",
        "Swap left and right",
        ("S",),
        "Left and right change places in all that people have placed in this shape",
    ),
    ActionCard(
        "copy_previous",
        "Label",
        "Start from the shape before",
        ("P",),
        "Propose the accepted shape of the image before instead of the model's",
    ),
    ActionCard(
        "start_again",
        "Label",
        "Back to the proposal",
        ("Ctrl+R",),
        "Take back all that people have placed in this shape; the model proposes it again",
    ),
    ActionCard("box", "Label", "Draw the box", ("B",), "Draw the box round the object: drag"),
    ActionCard(
        "add_object",
        "Label",
        "One more object",
        ("I",),
        "Label one more object in this image; it needs a box, or two clicks",
    ),
    ActionCard(
        "next_object",
        "Label",
        "Next object of this image",
        ("J",),
        "Open the next of the objects in this image",
    ),
    ActionCard(
        "remove_object",
        "Label",
        "Remove this object",
        ("Ctrl+Delete",),
        "Remove this object from the image, where nothing was ever recorded of it",
    ),
    ActionCard("undo", "Edit", "Undo", ("Ctrl+Z",), "Take the last action back, on any image"),
    ActionCard("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back"),
    ActionCard("next", "Go", "Next image", ("PgDown",), "Open the next one in the list"),
    ActionCard("previous", "Go", "Previous image", ("PgUp",), "Open the one before in the list"),
    ActionCard(
        "next_unlabelled",
        "Go",
        "Next without labels",
        ("N",),
        "Open the next one that is not accepted, and leave this one as it is",
    ),
    ActionCard(
        "next_uncertain",
        "Go",
        "Next by uncertainty",
        ("U",),
        "Open the one of which the model expects the largest error, of all not accepted",
    ),
    ActionCard(
        "worst_first",
        "Go",
        "Largest error first",
        ("W",),
        "List the images by the error that the model expects, or in the project's order",
        toggles=True,
    ),
    ActionCard("find", "Go", "Find an image", ("Ctrl+F",), "Type a part of its name"),
    ActionCard("zoom_in", "View", "Zoom in", ("+", "="), "Zoom in at the cursor"),
    ActionCard("zoom_out", "View", "Zoom out", ("-",), "Zoom out at the cursor"),
    ActionCard("whole_image", "View", "Whole image", ("0",), "Show the whole image"),
    ActionCard("fit", "View", "Fit the object", ("F",), "Fit the labelled object into the view"),
    ActionCard(
        "ellipses",
        "View",
        "Uncertainty of all points",
        ("E",),
        "Show or hide the 95 % ellipses of the points that are not asked for",
        toggles=True,
    ),
    ActionCard(
        "heat",
        "View",
        "Where the point may be",
        ("M",),
        "Show the heat map of the landmark under the cursor, or of the one asked for",
        toggles=True,
    ),
    ActionCard(
        "loupe",
        "View",
        "Loupe",
        ("L",),
        "Show what is under the cursor many times larger, or stop doing so",
        toggles=True,
    ),
    ActionCard(
        "keep_view",
        "View",
        "Keep the view between images",
        ("K",),
        "Stay at this zoom and place when another image is opened, or fit each object",
        toggles=True,
    ),
    ActionCard(
        "tone",
        "View",
        "Brightness and contrast",
        ("T",),
        "Show the image brighter, darker or with more contrast; the file stays as it is",
    ),
    ActionCard("grey", "View", "Grey", ("G",), "Show the image without colours", toggles=True),
    ActionCard(
        "equalised",
        "View",
        "Equalised",
        ("Q",),
        "Show the image with its dark and light parts spread over the whole range",
        toggles=True,
    ),
    ActionCard(
        "train",
        "Model",
        "Train in the background",
        ("Ctrl+T",),
        "Train a model on the accepted shapes while you label, or stop it; it goes on later",
        toggles=True,
    ),
    ActionCard("keys", "Help", "Keys", ("?", "F1"), "Show what every key and button does"),
)

GESTURES: tuple[tuple[str, str], ...] = (
    ("Click", "Put the landmark asked for here"),
    ("Click a point", "Ask for this landmark: the next click places it"),
    ("Right click", "What can be said of this landmark: hidden, not in the image, right"),
    ("Arrow keys", "Move the point under the cursor, or asked for, by 0.25 pixels"),
    ("Shift+Arrow keys", "Move it by 1 pixel"),
    ("Drag a point", "Move it; the others follow"),
    ("Shift+Click", "Put the landmark here even if another point is near"),
    ("1 to 9", "Take this one of the shapes that are shown on the right"),
    ("Wheel", "Zoom at the cursor"),
    ("Middle button, or Space and drag", "Move the image"),
    ("Space", "This point is right (as C)"),
    ("H, held", "Hide the landmarks"),
    ("Esc", "Let go of a point or box without changing it"),
)
"""What hands do without an action: (gesture, what it does), for the table of keys."""


def build_actions(
    window: QWidget, slots: Mapping[str, Callable[..., object]]
) -> dict[str, QAction]:
    """A QAction for every card; `slots` names a function for each of them.

    Those that toggle begin switched off; their function takes whether they are on.

    Raises KeyError where an action has no function or a function no action.
    """
    unknown = set(slots) - {card.name for card in ACTIONS}
    if unknown:
        raise KeyError(f"No such action: {sorted(unknown)}")
    actions: dict[str, QAction] = {}
    for card in ACTIONS:
        action = QAction(card.title, window)
        action.setShortcuts([QKeySequence(key) for key in card.keys])
        action.setStatusTip(card.tip)
        action.setToolTip(f"{card.tip} ({keys_text(card)})")
        slot = slots[card.name]
        if card.toggles:
            action.setCheckable(True)
            action.toggled.connect(slot)
        else:
            # The trigger passes `checked`, which these slots do not want.
            action.triggered.connect(lambda _checked=False, slot=slot: slot())
        window.addAction(action)
        actions[card.name] = action
    return actions


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    menus: dict[str, QMenu] = {}
    for card in ACTIONS:
        if card.menu not in menus:
            menus[card.menu] = bar.addMenu(card.menu)
        menus[card.menu].addAction(actions[card.name])


def keys_text(card: ActionCard) -> str:
    """The card's keys as this platform writes them: "Ctrl+Z"."""
    return " or ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in card.keys
    )
