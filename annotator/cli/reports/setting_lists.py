"""What can be set about trainings, as text and as tables: made from the settings themselves."""

from dataclasses import dataclass

from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.learning.settings import SettingCard
from landmark_annotator.backends.parsers import PARSERS
from landmark_annotator.backends.registry import Backend, all_backends, backend_named

_BESIDE = (FINDER, *PARSERS)
"""They propose no shapes."""


@dataclass(frozen=True)
class SettingList:
    """settings: those that `train --set` takes. fixed: what happens to crops at random in every
    training of the backend, and cannot be set."""

    backend: Backend
    settings: list[SettingCard]
    fixed: list[SettingCard]


def lists_of(backend: str | None = None) -> list[SettingList]:
    """Of one backend, or of all with the finder and those that segment. Raises ActionableError for
    one that is unknown."""
    everything = [*all_backends(), *_BESIDE]
    chosen = everything if backend is None else [backend_named(backend, _BESIDE)]
    return [SettingList(each, each.settings(), each.augmentation()) for each in chosen]


def lines_of(one: SettingList) -> str:
    lines = [f"{one.backend.title} (--backend {one.backend.name})"]
    lines += [f"  {_named(card)}  {card.what}".rstrip() for card in one.settings]
    if one.fixed:
        lines.append("  Crops are changed at random, which cannot be set:")
        lines += [f"    {_named(card)}  {card.what}" for card in one.fixed]
    return "\n".join(lines)


def table_of(one: SettingList) -> str:
    """Markdown."""
    head = ["| Setting | Default | What it does |", "|---|---|---|"]
    parts = [f"## {one.backend.title.capitalize()}, `--backend {one.backend.name}`"]
    parts.append("\n".join(head + [_row(card) for card in one.settings]))
    if one.fixed:
        parts.append("Crops are changed at random, so that few photographs teach more:")
        head[0] = "| What | Value | Where |"
        parts.append("\n".join(head + [_row(card) for card in one.fixed]))
    return "\n\n".join(parts)


def _named(card: SettingCard) -> str:
    return f"{card.name} = {_value(card)}{' ' if card.unit else ''}{card.unit}"


def _row(card: SettingCard) -> str:
    what = card.what.replace("|", "\\|")
    return f"| `{card.name}` | {_value(card)} {card.unit}".rstrip() + f" | {what} |"


def _value(card: SettingCard) -> str:
    value = card.default
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value)
