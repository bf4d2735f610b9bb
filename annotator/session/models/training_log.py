"""What each training in a project reached, one line a training: cards only know the last one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary


@dataclass(frozen=True)
class Trained:
    """labels: instances that it learned from. held_out_error: NME in percent on labelled
    instances that it has not seen."""

    at: datetime
    backend: str
    labels: int
    held_out_error: float


def log_training(library: ModelLibrary, backend: str, labels: int, card: Mapping[str, Any]) -> None:
    """Adds a line; nothing where the card says no held-out error."""
    error = _held_out_error(card)
    if error is None:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": at, "backend": backend, "labels": labels, "held_out_error": float(error)}
    with library.trainings_file.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def trainings(library: ModelLibrary) -> list[Trained]:
    """Oldest first. Models from before there was a log count once, at their card's time."""
    found = []
    try:
        lines = library.trainings_file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    for line in lines:
        try:
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
            error = float(entry["held_out_error"])
            found.append(Trained(at, str(entry["backend"]), int(entry["labels"]), error))
        except (ValueError, KeyError, TypeError):
            continue  # The end of a line that the disk had no room for.
    logged = {trained.backend for trained in found}
    unlogged = [model for model in library.trained() if model.name not in logged]
    found += filter(None, map(_by_its_card, unlogged))
    return sorted(found, key=lambda trained: trained.at)


def _by_its_card(model: KeptModel) -> Trained | None:
    error = _held_out_error(model.card)
    if error is None:
        return None
    return Trained(model.trained_at, model.name, model.learned_from, float(error))


def _held_out_error(card: Mapping[str, Any]) -> Any:
    return card.get("figures", {}).get("held_out_error")
