"""What a training says of its model: the card beside the weights. Reading one needs no torch."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landmark_annotator.projects.vocabulary.scheme import Scheme

CARD = "card.json"
_DIGITS = 8
"""Of a mark. Two that are alike by chance keep an instance from judging, and do no other harm."""


def has_card(folder: Path) -> bool:
    """Whether a training has come to its end there: the card is written last."""
    return (folder / CARD).is_file()


def read_card(folder: Path) -> dict[str, Any]:
    """Raises OSError where there is none, ValueError where it is damaged."""
    return dict(json.loads((folder / CARD).read_text(encoding="utf-8")))


def is_made_for(card: Mapping[str, Any], scheme: Scheme) -> bool:
    """Whether what a card is of has learned the landmarks of the scheme, in their order, as these
    are called or were in the version that it was learned by. Raises KeyError and TypeError where
    the card is damaged."""
    learned = card["scheme"]
    return scheme.is_known_as(learned["landmarks"], learned.get("version"))


def begun_card(scheme: Scheme, settings: Any) -> dict[str, Any]:
    """What is on every card. settings: a dataclass. The rest is the backend's own."""
    return {
        "scheme": scheme.to_dict(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": asdict(settings),
    }


def mark(key: str) -> str:
    """What a card that says what was learned from keeps in the place of an instance's key, or of
    its group's."""
    return hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]


def learned_from(card: Mapping[str, Any], keys: Collection[str]) -> set[str]:
    """Those of the keys that a model has ever learned from; none where its card does not say, as
    that of a plug-in, which may mean something else by it."""
    marks = card.get("learned")
    return {key for key in keys if mark(key) in marks} if isinstance(marks, list) else set()


def bounds(name: str) -> tuple[str, str]:
    """What the figures are called between which the one of this name lies with 95 % confidence."""
    return f"{name}_low", f"{name}_high"
