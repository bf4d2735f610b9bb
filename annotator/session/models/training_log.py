"""What each training in a project reached, one line a training: cards only know the last one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_FILE = "trainings.jsonl"


@dataclass(frozen=True)
class Trained:
    """labels: instances that it learned from. held_out_error: NME in percent on labelled
    instances that it has not seen."""

    at: datetime
    backend: str
    labels: int
    held_out_error: float


def log_training(models_folder: Path, backend: str, labels: int, card: Mapping[str, Any]) -> None:
    """Adds a line; nothing where the card says no held-out error."""
    error = card.get("figures", {}).get("held_out_error")
    if error is None:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": at, "backend": backend, "labels": labels, "held_out_error": float(error)}
    with (models_folder / _FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def trainings(models_folder: Path) -> list[Trained]:
    """Oldest first. Models from before there was a log count once, at their card's time."""
    found = []
    try:
        lines = (models_folder / _FILE).read_text(encoding="utf-8").splitlines()
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
    for path in models_folder.glob("*/card.json"):
        card = json.loads(path.read_text(encoding="utf-8"))
        error = card.get("figures", {}).get("held_out_error")
        if path.parent.name not in logged and error is not None:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            counts = card.get("instances", {})
            labels = int(counts.get("training", 0)) + int(counts.get("held_out", 0))
            found.append(Trained(at, path.parent.name, labels, float(error)))
    return sorted(found, key=lambda trained: trained.at)
