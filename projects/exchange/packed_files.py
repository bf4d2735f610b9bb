"""Files that hold labels as no label format is: archives and spreadsheets, and what helps."""

import zipfile
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import FormatError

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b")
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Excel began until 2007."""
_LONGEST = 8
_TABLES = ("xl/workbook.", "content.xml")
"""Of a ZIP file that Excel or LibreOffice has written."""


def refusal(source: Path) -> FormatError | None:
    """What is wrong with such a file; None where it is none."""
    try:
        with source.open("rb") as file:
            begin = file.read(_LONGEST)
    except OSError:
        return None
    if begin == _OFFICE or (begin.startswith(b"PK") and _is_spreadsheet(source)):
        return FormatError(
            f"{source} is a spreadsheet.",
            remedy="Save it as CSV in UTF-8 in the program that wrote it, and import that file.",
        )
    if begin.startswith(_ARCHIVES):
        return FormatError(
            f"{source} is an archive.",
            remedy="Unpack it, and import the folder or the file of labels that is in it.",
        )
    return None


def _is_spreadsheet(source: Path) -> bool:
    """By the names of what is in it, of which nothing is unpacked."""
    try:
        with zipfile.ZipFile(source) as packed:
            return any(name.startswith(_TABLES) for name in packed.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
