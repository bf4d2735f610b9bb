"""Where an export goes: its target, its data sheet, and the folder that it does not leave."""

import os
from pathlib import Path

from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.registry import by_name
from landmark_annotator.projects.exchange.transfer.former_export import FormerExport
from landmark_annotator.projects.vocabulary.errors import FormatError

_SHEET = ".datasheet.md"


def named_target(target: Path) -> Path:
    """The target by a name of its own, which "." and ".." are none of: what stands beside an export
    is called after it. Raises FormatError for the root of all folders."""
    named = target if target.name not in ("", "..") else Path(os.path.abspath(target))  # noqa: PTH100
    if not named.name or not _is_possible(named):
        raise FormatError(
            f"{str(target)!a} is no place for an export.",
            kept="Nothing was written.",
            remedy="Choose a file or a folder in it.",
        )
    return named


def _is_possible(path: Path) -> bool:
    """Whether a system can have a file of this name."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def sheet_of(target: Path, format: str) -> Path:
    """Where the data sheet of an export stands; its JSON has the suffix .json. It is called after
    the target without its suffix, or with that where such a sheet describes a file of another one:
    of faces.json and faces.csv each has its own."""
    if by_name(format).writes_folder:
        return target.with_name(f"{target.name}{_SHEET}")
    short, whole = (target.with_name(f"{name}{_SHEET}") for name in (target.stem, target.name))
    others = {Path(part).suffix for part in FormerExport.at(short).parts} - {target.suffix}
    return whole if others or whole.exists() else short


def root_of(target: Path, card: Format) -> Path:
    """The folder that an export to the target does not leave. Raises FormatError."""
    if card.writes_folder:
        if target.is_file():
            raise FormatError(
                f"{target} is a file, and {card.name} is written as a folder.",
                kept="Nothing was written.",
                remedy="Choose another name.",
            )
        return target
    refuse_missing_folder(target)
    return target.parent


def refuse_missing_folder(target: Path) -> None:
    """Raises FormatError where the folder is missing that holds the target and its data sheet."""
    if not target.parent.is_dir():
        raise FormatError(
            f"{target} cannot be written: there is no folder {target.parent}.",
            kept="Nothing was written.",
            remedy="Make that folder, or choose a place in one that exists and that you may write "
            "to.",
        )
