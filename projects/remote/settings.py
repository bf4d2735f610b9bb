"""What this user has said of sources, for all projects: from where images may be fetched, and how
large the cache may grow."""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import platformdirs

from landmark_annotator.projects.file_lock import one_at_a_time
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary.errors import ActionableError

USUAL_LIMIT = 20_000_000_000
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def allowed() -> frozenset[str]:
    """Sources that this user has confirmed, and those of $LANDMARK_SOURCES."""
    found = _content().get("allowed", [])
    told = os.environ.get("LANDMARK_SOURCES", "").split()
    return frozenset([name for name in found if isinstance(name, str)] + told)


def to_allow(source: str) -> str:
    """What to do where nobody has said on this machine that a source may be asked."""
    return f"If you know and trust it: annotator sources --allow {source}"


def allow(sources: Iterable[str]) -> None:
    """From now on, on this machine. Raises ActionableError where it cannot be kept."""
    new = frozenset(sources) - allowed()
    if new:
        _keep(lambda content: {"allowed": sorted({*content.get("allowed", []), *new})})


def forbid(sources: Iterable[str]) -> None:
    """As if they had never been confirmed. Raises ActionableError as `allow` does."""
    gone = frozenset(sources)
    _keep(lambda content: {"allowed": sorted({*content.get("allowed", [])} - gone)})


def cache_limit() -> int:
    """Bytes: $LANDMARK_CACHE_LIMIT, else what the user has chosen, else USUAL_LIMIT."""
    if told := os.environ.get("LANDMARK_CACHE_LIMIT"):
        return size(told)
    kept = _content().get("cache_limit")
    return kept if isinstance(kept, int) and kept > 0 else USUAL_LIMIT


def limit_cache(limit: int) -> None:
    _keep(lambda content: {"cache_limit": limit})


def size(text: str) -> int:
    """Bytes of "500 MB" or "20GB". Raises ActionableError."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?B?)\s*", text, re.IGNORECASE)
    unit = match[2].upper() if match else ""
    unit = unit if unit.endswith("B") or not unit else f"{unit}B"
    if match is None or unit not in _UNITS or float(match[1]) <= 0:
        raise ActionableError(
            f"{text[:40]!r} is no size of a cache.", remedy="Write it as 500MB or 20GB."
        )
    return int(float(match[1]) * _UNITS[unit])


def _file() -> Path:
    return platformdirs.user_config_path("landmark-annotator", appauthor=False) / "remote.json"


def _content() -> dict[str, Any]:
    """What is damaged is as if it were not there: then people are asked again."""
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    listed = isinstance(content, dict) and isinstance(content.get("allowed", []), list)
    return content if listed else {}


def _keep(change: Any) -> None:
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(file.with_name(f"{file.name}.lock")):
            content = _content()
            write_whole(file, json.dumps(content | change(content)))
    except OSError as error:
        raise ActionableError(
            f"What you have said of sources cannot be written to {file}: {error.strerror}.",
            kept="Nothing was changed.",
            remedy="Make room there, or make the folder one that you may write to. The environment "
            "variable LANDMARK_SOURCES can name sources, too.",
        ) from error
