"""Whether an export would go over files that are no earlier export of this program.

Every export has a data sheet that names its files; what no sheet names is somebody's own work.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from annotator.session.exchange.export_choice import ExportChoice
from projects.exchange.transfer.data_sheet import sheet_of
from projects.exchange.transfer.export_set import SetReport
from projects.vocabulary.errors import FormatError


def refuse_foreign(choice: ExportChoice, report: SetReport, files: Sequence[Path]) -> None:
    """files: what would be written. Raises FormatError where one of them is something else."""
    there = [file for file in files if file.exists()]
    if not there:
        return
    sheet = sheet_of(choice.target, choice.format)
    format, named = _described(sheet.with_suffix(".json"))
    parts = set(report.files.values())
    if named and named != {part.name for part in parts}:
        raise FormatError(
            f"{sheet.name} there describes another export: {', '.join(sorted(named))}.",
            kept="Nothing was written.",
            remedy="Choose another name, or move the other export away.",
        )
    if named and format == choice.format:
        return
    own = {*parts, sheet, sheet.with_suffix(".json")} if named else set()
    foreign = [file for file in there if own.isdisjoint((file, *file.parents))]
    if foreign:
        more = f" and {len(foreign) - 1:,} more" if len(foreign) > 1 else ""
        raise FormatError(
            f"{foreign[0]}{more} would be overwritten, and no export of this program made it.",
            kept="Nothing was written.",
            remedy="Choose another name or folder.",
        )


def _described(sheet: Path) -> tuple[str, set[str]]:
    """The format and the files or folders of the export; none where it is no data sheet."""
    try:
        content = json.loads(sheet.read_text(encoding="utf-8"))
        return str(content["format"]), {str(part["file"]) for part in content["parts"].values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", set()
