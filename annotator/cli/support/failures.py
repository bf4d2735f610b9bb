"""How failures are told: those that the user can act on in three sentences, bugs in a log."""

import datetime
import platform
import traceback
from pathlib import Path

import platformdirs

from landmark_annotator.annotator.cli.support.output import note
from landmark_annotator.projects.vocabulary import ActionableError

_LOG_KEPT_BYTES = 1_000_000


def tell_actionable(error: ActionableError) -> None:
    """What happened, what was kept and what to do, each on its own line."""
    note(f"annotator: {error.happened}")
    for part in (error.kept, error.remedy):
        if part:
            note(f"    {part}")


def tell_bug(error: Exception, arguments: list[str]) -> None:
    """One short message; the traceback goes into the log."""
    note(
        f"annotator: something went wrong inside the program: {type(error).__name__}: {error}\n"
        "    This is a mistake of the program, not yours. What was finished before is stored."
    )
    try:
        log = _write_log(error, arguments)
    except OSError as reason:
        note(f"    The details could not be written to a log: {reason}. They are:")
        note(_details(error, arguments))
    else:
        note(f"    The details (a traceback) are at the end of {log}")


def log_path() -> Path:
    """The log of this user, in the platform's place for logs."""
    return platformdirs.user_log_path("landmark-annotator", appauthor=False) / "command-line.log"


def _details(error: Exception, arguments: list[str]) -> str:
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    where = f"{now}  Python {platform.python_version()}  {platform.platform()}"
    trace = "".join(traceback.format_exception(error))
    return f"{where}\nannotator {' '.join(arguments)}\n{trace}"


def _write_log(error: Exception, arguments: list[str]) -> Path:
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    full = path.exists() and path.stat().st_size > _LOG_KEPT_BYTES
    with path.open("w" if full else "a", encoding="utf-8") as log:
        log.write(_details(error, arguments) + "\n")
    return path
