"""Every action of the window, with its keys and what it does: the one table of them.

Menus, shortcuts, status tips and the table of keys that `?` shows are all made from it.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, keys_text
from landmark_annotator.annotator.gui.pages.budget import actions as budget_actions
from landmark_annotator.annotator.gui.pages.compare import actions as compare_actions
from landmark_annotator.annotator.gui.pages.dashboard import actions as dashboard_actions
from landmark_annotator.annotator.gui.pages.label import actions as label_actions
from landmark_annotator.annotator.gui.pages.label import region_actions
from landmark_annotator.annotator.gui.pages.review import actions as review_actions
from landmark_annotator.annotator.gui.pages.sheet import actions as sheet_actions
from landmark_annotator.annotator.gui.pages.trainings import actions as trainings_actions
from landmark_annotator.annotator.gui.window import project_actions
from landmark_annotator.annotator.gui.window.page_table import PAGES

ACTIONS: tuple[ActionCard, ...] = (
    *project_actions.PROJECT_AND_EDIT,
    *label_actions.CARDS,
    *region_actions.CARDS,
    *review_actions.CARDS,
    *compare_actions.CARDS,
    *dashboard_actions.CARDS,
    *budget_actions.CARDS,
    *sheet_actions.CARDS,
    *trainings_actions.CARDS,
    *project_actions.MODEL,
    *(page.action for page in PAGES),
    *project_actions.HELP,
)

GESTURES: tuple[tuple[str, str], ...] = (
    (
        "Click",
        "Put the landmark that is named at the cursor here: the one asked for where it may be",
    ),
    ("Click a point", "Ask for this landmark, unless the one asked for may be there as well"),
    (
        "Double click a point",
        "Look closely at it, or back at the object; also in the list of landmarks",
    ),
    ("Right click", "What can be said of this landmark: hidden, not in the image, right"),
    (
        "Keys about one point",
        "They act on the one under the cursor, else on the one asked for; only C and Space are "
        "always of the one asked for, and X is so right after a click",
    ),
    (
        "Arrow keys",
        "Move the point under the cursor, or asked for, by 0.25 pixels; what has no place yet "
        "begins in the middle of the box",
    ),
    ("Shift+Arrow keys", "Move it by 1 pixel"),
    ("Ctrl+Arrow keys", "Move it by 4 pixels of the screen, with Shift by 20"),
    ("Drag a point", "Move it; the others follow"),
    ("Shift+Click or drag", "Put this very landmark here, and not only its contour"),
    ("Ctrl+Click a point", "Select it, or no longer; what is selected moves and swaps together"),
    ("Ctrl and drag", "Select the landmarks in a rectangle"),
    (
        "Arrow keys on a box",
        "While the box is changed: move it; with Ctrl its right and lower sides; faster with "
        "Shift. Where there is no box they begin one",
    ),
    (", and .", "While the box is changed: turn it by 1 degree, with Shift by 10"),
    ("1 to 9", "Take this one of the shapes that are shown on the right"),
    ("1 to 9, with a tool for masks", "Draw this one of the regions"),
    ("[ and ], or Ctrl and the wheel", "A smaller or larger brush"),
    ("Wheel", "Zoom at the cursor"),
    ("Middle button, or Space and drag", "Move the image"),
    ("Space and arrow keys", "Look further that way: the image moves the other way"),
    (
        "Shift and a drag that moves the image",
        "Turn the view; labels keep their places in the image",
    ),
    ("Space", "This point is right"),
    ("Ctrl or Shift and click, in the list", "Select several images; Ctrl+A all, Shift+Arrow keys"),
    ("Delete, in the list", "Exclude what is selected, with a reason"),
    ("Right click, in the list", "What can be done to all that is selected"),
    ("Drag on a timeline", "Go through the video; a click on a mark goes to its frame"),
    (
        "Shift and drag on a timeline",
        "Mark the frames that are played over and over, followed or written; a click so unmarks",
    ),
    ("Wheel on a timeline", "Zoom it at the cursor; with Shift go along it"),
    (
        "Right click on a lane",
        "Whose the open object is; swap, join, cut, rename or delete tracks; in marked frames also "
        "whether a landmark is hidden or in the image",
    ),
    ("H, held", "Hide the landmarks"),
    ("Esc", "Let go of a point, box or selection without changing it; else close the message"),
)
"""What hands do without an action: (gesture, what it does), for the table of keys."""


def build_actions(
    window: QWidget,
    slots: Mapping[str, Callable[..., object]],
    cards: Sequence[ActionCard] = ACTIONS,
) -> dict[str, QAction]:
    """A QAction for every card; `slots` names a function for each of them.

    Those that toggle begin switched off; their function takes whether they are on.

    Raises KeyError where an action has no function or a function no action.
    """
    unknown = set(slots) - {card.name for card in cards}
    if unknown:
        raise KeyError(f"No such action: {sorted(unknown)}")
    actions: dict[str, QAction] = {}
    for card in cards:
        action = QAction(card.title, window)
        action.setStatusTip(card.tip)
        action.setAutoRepeat(card.repeats)
        slot = slots[card.name]
        if card.toggles:
            action.setCheckable(True)
            action.toggled.connect(slot)
        else:
            # The trigger passes `checked`, which these slots do not want.
            action.triggered.connect(lambda _checked=False, slot=slot: slot())
        window.addAction(action)
        actions[card.name] = action
    give_keys(actions, cards)
    return actions


def give_keys(actions: Mapping[str, QAction], cards: Sequence[ActionCard]) -> None:
    """Each action has the keys of its card from now on."""
    for card in cards:
        actions[card.name].setShortcuts([QKeySequence(key) for key in card.keys])
        keys = keys_text(card)
        actions[card.name].setToolTip(f"{card.tip} ({keys})" if keys else card.tip)


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> list[QMenu]:
    """A menu for each that a card names."""
    menus: dict[str, QMenu] = {}
    for card in ACTIONS:
        if card.menu not in menus:
            menus[card.menu] = bar.addMenu(f"&{card.menu}")
        menus[card.menu].addAction(actions[card.name])
    return list(menus.values())
