"""What did not come in, or would not, in words."""

from pathlib import Path
from typing import TYPE_CHECKING

from landmark_annotator.projects.vocabulary import ActionableError

if TYPE_CHECKING:
    # Loads the formats, which the window does not need before.
    from landmark_annotator.projects.exchange import ImportReport

_LETTERS = 50
"""Of a name, at most: of a longer one the middle is left out."""
_NAMED = 5
"""Files that a message names one by one."""


def told_after(came: str, report: "ImportReport") -> ActionableError:
    """For a message that stays until it is read. came: what came in."""
    lines = left_out_lines(report)
    more = f" And {len(lines) - _NAMED:,} more." if len(lines) > _NAMED else ""
    return ActionableError(
        f"{came} {counted_left_out(report)}.",
        kept=" ".join(lines[:_NAMED]) + more,
        remedy="What is mended can be brought in later: Project, Import.",
    )


def left_out_lines(report: "ImportReport") -> list[str]:
    """File by file, with the reason; before them what to do where several images are missing."""
    from landmark_annotator.projects.exchange.transfer.missing_images import told_once

    entries = [*report.unreadable, *report.copies]
    reasons, missing = told_once([entry.reason for entry in entries])
    lines = [
        f"{_shown(entry.path.name)}: {_of_it(reason, entry.path)}"
        for entry, reason in zip(entries, reasons, strict=True)
    ]
    if missing:
        lines.insert(
            0, f"{missing:,} images are missing. Put the files there, or choose their folder."
        )
    return lines


def counted_left_out(report: "ImportReport") -> str:
    """'6 cannot be read and 1 is a copy', '' where nothing is left out."""
    unreadable, copies = len(report.unreadable), len(report.copies)
    said = [f"{unreadable:,} cannot be read"] if unreadable else []
    if copies:
        said.append(f"{copies:,} {'is a copy' if copies == 1 else 'are copies'}")
    return " and ".join(said)


def _of_it(reason: str, path: Path) -> str:
    """Without the path, where the name stands before it."""
    reason = reason.replace(f"The image {path}", "It")
    if reason.startswith(str(path)):
        rest = reason.removeprefix(str(path))
        place = rest.removeprefix(", ")
        # "FILE, line 10: ..." is no sentence about the file.
        reason = f"It{rest}" if place == rest else f"{place[:1].upper()}{place[1:]}"
    return reason.replace(str(path), "of this name")


def _shown(name: str) -> str:
    """On one line, which the sentence behind it may share."""
    line = " ".join(name.splitlines())
    return (
        line
        if len(line) <= _LETTERS
        else f"{line[: _LETTERS - 15]}\N{HORIZONTAL ELLIPSIS}{line[-14:]}"
    )
