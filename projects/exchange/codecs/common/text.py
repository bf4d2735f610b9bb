"""Label files as text, and numbers in them."""

import codecs
import re
from pathlib import Path

from projects.vocabulary.errors import FormatError

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)
"""A finite decimal number with a point. Python's own reading also takes 1_000 and other digits."""


def read_text(path: Path) -> str:
    """UTF-8, or what a byte order mark says. Raises FormatError where it is something else."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Check that it is a file that you may read.",
        ) from error
    marked_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if marked_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path} is not UTF-8 text (byte {error.start + 1} is not).",
            remedy="Save it as UTF-8 in a text editor or spreadsheet.",
        ) from error
    if "\0" in text:
        raise FormatError(f"{path} is not a text file.", remedy="Choose the label file itself.")
    return text


def beginning(path: Path, size: int = 65536) -> str:
    """The first bytes of a file as far as they are text: to tell what kind of file it is."""
    try:
        with path.open("rb") as file:
            content = file.read(size)
    except OSError:
        return ""  # whoever reads the file next reports why
    marked_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if marked_16 else "utf-8-sig", errors="replace")
