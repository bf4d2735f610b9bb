"""One action of the window: what code and people call it, and its keys."""

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence


@dataclass(frozen=True)
class ActionCard:
    """name: what code calls it; keys: as QKeySequence reads them, the first is shown.

    toggles: it is on or off, and what it calls is told which. page: on which page it works, ''
    for all of them; two actions may share a key where no page has both. repeats: a key held down
    counts many times, as is fit for what only looks or goes somewhere: nothing is accepted,
    confirmed, taken back or judged by a key that somebody forgot to let go.
    """

    name: str
    menu: str
    title: str
    keys: tuple[str, ...]
    tip: str
    toggles: bool = False
    page: str = ""
    repeats: bool = False


_SPOKEN = {"Return": "Enter", "Del": "Delete", "PgDown": "Page Down", "PgUp": "Page Up"}
"""What people call a key that Qt calls otherwise."""


def key_text(card: ActionCard) -> str:
    """The card's first key, as a sentence speaks of it: "Page Down"; "the menu" without one."""
    if not card.keys:
        return "the menu"
    first = QKeySequence(card.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    held, plus, key = first.rpartition("+")
    return f"{held}{plus}{_SPOKEN.get(key, key)}"


def keys_text(card: ActionCard) -> str:
    """The card's keys as this platform writes them: "Ctrl+Z"."""
    return " or ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in card.keys
    )
