"""What a command prints: results on standard output, everything else on standard error."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer


def answer(facts: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """The result of a command: `facts` for a script, `text` for a person."""
    typer.echo(json.dumps(_plain(facts), ensure_ascii=False) if as_json else text)


def note(text: str) -> None:
    """Something for the person at the terminal that is no result."""
    typer.echo(text, err=True)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as aligned text; all but the first column to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """'1 image', '2 images'."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _plain(value: Any) -> Any:
    """Values as JSON has them; what is not a number there becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
