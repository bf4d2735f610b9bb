"""The form of a result: one JSON object that two runs compare by a plain diff."""

import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary.errors import ActionableError, why

Figures = dict[str, float | int | list[float]]
"""From a path of plain words, such as clicks/mixture/worst/nme, to a number or a list."""


@dataclass(frozen=True)
class Result:
    protocol: str
    command: str
    commit: str
    seed: int
    settings: Mapping[str, Any]
    machine: Mapping[str, Any]
    seconds: float
    figures: Figures

    def write(self, path: Path) -> None:
        """Replaces the file in one step. Raises ActionableError where it cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(asdict(self), indent=1) + "\n")
        except OSError as error:
            raise ActionableError(
                f"The result cannot be written to {path}: {error.strerror}.",
                remedy="Give another path to --json.",
            ) from error

    @classmethod
    def load(cls, path: Path) -> "Result":
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise ActionableError(
                f"{path} cannot be read: {why(error)}.",
                remedy="Name a file that evaluate --json has written.",
            ) from error
        except (ValueError, TypeError) as error:
            raise ActionableError(
                f"{path} is not the result of a protocol.",
                remedy="Name a file that evaluate --json has written.",
            ) from error


def differences(earlier: Figures, later: Figures) -> list[tuple[str, str, str]]:
    """(name, earlier, later) of every figure that is not the same in both, as text."""
    rows = []
    for name in sorted(earlier.keys() | later.keys()):
        before, after = earlier.get(name), later.get(name)
        if before != after:
            rows.append((name, as_text(before), as_text(after)))
    return rows


def as_text(value: float | int | Sequence[float] | None) -> str:
    """At most three decimals; a list is separated by spaces; nothing is a dash."""
    if value is None:
        return "-"
    if isinstance(value, Sequence):
        return " ".join(as_text(number) for number in value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)


def rounded(value: float | Sequence[float]) -> Any:
    """To four decimals: more would only be noise in a diff."""
    if isinstance(value, Sequence):
        return [round(float(number), 4) for number in value]
    return round(float(value), 4)


def this_machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if os.name == "posix" else 0
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "processor": _processor(),
        "device": "cpu",
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass  # Not Linux: the standard library's word serves.
    return platform.processor() or platform.machine()


def this_commit() -> str:
    """The commit of the source that runs, with a plus where it was changed; else "unknown"."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "--short=12", "HEAD")
        changed = _git(here, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+" if changed else "")


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()
