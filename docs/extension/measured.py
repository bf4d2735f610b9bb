"""Figures of the committed results: no page holds a number that was typed."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "tests" / "benchmarks" / "results"


@cache
def result(name: str) -> dict[str, Any]:
    """All that a run has written."""
    return dict(json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8")))


def value(name: str, path: str) -> Any:
    """path: of the figures, as they are named; of a list, PATH[1,2] takes some."""
    stem, _, places = path.partition("[")
    found = result(name)["figures"][stem]
    return [found[int(place)] for place in places.rstrip("]").split(",")] if places else found


def figure(name: str, path: str, form: str) -> str:
    """form: as Python formats numbers; those of a list become cells of a table."""
    found = value(name, path)
    return " | ".join(format(one, form) for one in (found if isinstance(found, list) else [found]))


def runs() -> str:
    """A table of all committed runs."""
    rows = ["| Figures | Command | Commit | Minutes | Processor |", "|---|---|---|---|---|"]
    for path in sorted(RESULTS.glob("*.json")):
        run = result(path.stem)
        machine = run.get("machine", {})
        command = re.sub(r" --json \S+", "", run["command"]).replace("|", "\\|")
        minutes = f"{run['seconds'] / 60:.1f}" if "seconds" in run else ""
        on = f"{machine.get('cores', '')} cores, {machine.get('processor', '')}".strip(", ")
        rows.append(f"| `{path.name}` | `{command}` | `{run['commit']}` | {minutes} | {on} |")
    return "\n".join(rows)
