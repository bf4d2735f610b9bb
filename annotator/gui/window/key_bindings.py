"""Which key does what once the user has chosen: pure tables, no widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtGui import QKeySequence

from landmark_annotator.annotator.gui.pages.action_card import ActionCard
from landmark_annotator.annotator.gui.window.action_table import ACTIONS

_HELD = ("", "Shift+", "Ctrl+", "Ctrl+Shift+")
_GESTURES = {
    "Space": "a point is right, or the image is moved",
    "H": "the landmarks are hidden",
    "Esc": "a point is let go",
    **dict.fromkeys("123456789", "a shape is taken of those it may be"),
    **dict.fromkeys(
        [f"{held}{key}" for held in _HELD for key in ("Left", "Right", "Up", "Down")],
        "a point, or the box, is moved",
    ),
    # With Shift the keys of comma and full stop are others, which ones depends on the keyboard.
    **dict.fromkeys(
        [f"{shift}{key}" for shift in ("", "Shift+") for key in ",.<>;:"], "the box is turned"
    ),
    **dict.fromkeys("[]", "the brush is made smaller or larger"),
}
"""Keys that the canvas itself needs, and what for."""


def chosen_cards(keys: Mapping[str, Sequence[str]]) -> tuple[ActionCard, ...]:
    """Every action with the user's keys, by its name, where there are some."""
    return tuple(
        replace(card, keys=tuple(keys[card.name])) if card.name in keys else card
        for card in ACTIONS
    )


def conflict(name: str, key: str, cards: Sequence[ActionCard]) -> str:
    """What else this key does where the action `name` works; "" where it is free."""
    if not key:
        return ""
    wanted = QKeySequence(key)
    [own] = [card for card in cards if card.name == name]
    for taken, what in _GESTURES.items():
        if QKeySequence(taken) == wanted and own.page in ("", "label"):
            return f"On the canvas, with this key {what}"
    for card in cards:
        meet = card.page == own.page or "" in (card.page, own.page)
        if card.name != name and meet and wanted in [QKeySequence(k) for k in card.keys]:
            return f"This is the key of: {card.title}"
    return ""


def differing(cards: Sequence[ActionCard]) -> dict[str, list[str]]:
    """The keys of the actions that have others than at a first start, for `Preferences.keys`."""
    return {
        card.name: list(card.keys)
        for card, own in zip(cards, ACTIONS, strict=True)
        if card.keys != own.keys
    }
