"""What is written down when the program makes a mistake. It stays on this machine.

A report holds when and where it happened, versions, what was done just before by the names of
actions, and the traceback without any values: no pixels, no positions, no comments.
"""

import datetime
import faulthandler
import platform
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_LOG_KEPT_BYTES = 1_000_000
_PACKAGES = ("landmark-annotator", "PySide6-Essentials", "numpy", "SQLAlchemy", "torch")


def log_path() -> Path:
    """The log of this user, in the platform's place for logs."""
    import platformdirs

    return platformdirs.user_log_path("landmark-annotator", appauthor=False) / "window.log"


def report(
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    done: Iterable[str] = (),
) -> str:
    """done: what happened before, the newest last."""
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    lines = "".join(traceback.format_exception(kind, error, trace))
    before = "".join(f"  {line}\n" for line in done)
    return f"{now}\n{versions()}\n{f'Before it:{chr(10)}{before}' if before else ''}{lines}"


def versions() -> str:
    """Of what takes part, on one line."""
    from importlib import metadata

    known = [f"Python {platform.python_version()}", platform.platform()]
    for package in _PACKAGES:
        try:
            known.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            known.append(f"{package} is not installed")
    if "torch" not in sys.modules:
        known.append("torch is not loaded")
    return ", ".join(known)


def write_log(details: str, path: Path) -> Path:
    """Appends to the log, which starts anew when it has grown large. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.exists() and path.stat().st_size > _LOG_KEPT_BYTES
    with path.open("w" if fresh else "a", encoding="utf-8") as log:
        log.write(details + "\n")
    return path


def watch_for_sudden_end(log: Path) -> Path | None:
    """From now on a crash below Python writes where it happened, beside the log.

    Returns what an earlier start wrote there, under a name where it stays until the next one.
    Raises OSError where nothing can be written.
    """
    fresh, earlier = log.with_name("sudden-end.txt"), log.with_name("sudden-end-before.txt")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    found = fresh.exists() and fresh.stat().st_size > 0
    if found:
        fresh.replace(earlier)
    # Open until the process ends: the crash itself can open nothing.
    faulthandler.enable(fresh.open("w"))
    return earlier if found else None
