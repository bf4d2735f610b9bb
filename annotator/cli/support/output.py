"""What a command prints: results on standard output, everything else on standard error."""

import codecs
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode


class Told:
    """What this command has told so far. answered: there is a result. last: the newest note. out:
    where the result goes; None: to standard output as it is then."""

    def __init__(self) -> None:
        self.out: TextIO | None = None
        self.reset()

    def reset(self) -> None:
        self.answered, self.last = False, ""

    @contextmanager
    def result_alone(self) -> Iterator[None]:
        """Inside it what anything else prints, as a plug-in, goes to standard error: what reads the
        result finds nothing beside it."""
        self.out = sys.stdout
        try:
            with redirect_stdout(sys.stderr):
                yield
        finally:
            self.out = None


told = Told()


def answer(facts: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """The result of a command: `facts` for a script, `text` for a person.

    Raises ActionableError where standard output takes nothing, typer.Exit where nobody reads it.
    """
    line = json.dumps(_plain(facts), ensure_ascii=False) if as_json else text
    try:
        typer.echo(_printable(line, as_json, told.out or sys.stdout), file=told.out)
    except BrokenPipeError as error:
        raise typer.Exit(ExitCode.UNREAD) from error
    except OSError as error:
        from landmark_annotator.projects.vocabulary.errors import ActionableError

        raise ActionableError(
            f"The result cannot be written to standard output: {error.strerror}.",
            kept="What the command did is stored.",
            remedy="Free some space, or send the result elsewhere.",
        ) from error
    told.answered = True


def failure(happened: str, kept: str = "", remedy: str = "") -> None:
    """For a script that has asked for JSON: what `answer` would have been."""
    parts = {"happened": happened, "kept": kept, "remedy": remedy}
    with suppress(OSError):
        line = json.dumps({"error": parts}, ensure_ascii=False)
        typer.echo(_printable(line, True, told.out or sys.stdout), file=told.out)


def note(text: str) -> None:
    """Something for the person at the terminal that is no result."""
    told.last = text
    with suppress(OSError):  # nobody is there to be told
        typer.echo(_printable(text, False), err=True)


def _printable(text: str, as_json: bool, out: TextIO | None = None) -> str:
    """File names need not be Unicode, and a terminal takes nothing else; out, such as a file on
    Windows, may take less than all of Unicode."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    if not as_json and codecs.lookup(encoding).name == "ascii":  # where typer prints UTF-8
        encoding = "utf-8"
    try:
        text.encode("utf-8")
        text.encode(encoding)
    except UnicodeEncodeError:
        if as_json:
            return re.sub(r"[^\x00-\x7f]", lambda m: json.dumps(m[0])[1:-1], text)
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
        return text.encode(encoding, "replace").decode(encoding)
    return text


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
        from landmark_annotator.projects.remote import shown  # help needs no numpy

        return shown(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
