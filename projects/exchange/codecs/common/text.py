"""Label files as text, and numbers in them."""

import codecs
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError

NUMBER = re.compile(
    r"(?=.{1,1000}\Z)[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE
)
"""A finite decimal number with a point, of at most 1,000 characters. Python's own reading also
takes 1_000 and other digits. What is no number is known in a time linear in its length."""
MOST_BYTES = 4_000_000_000
"""Larger label files are refused: they would take several times as much memory."""
ODD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, ActionableError)
"""What an entry of a hostile file raises: values of other kinds than they should be."""
_LINE_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_bytes(path: Path) -> bytes:
    """Of a file; pipes and devices, which may never end, are none. Raises FormatError."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            reason = "it is a folder" if path.is_dir() else "it is a pipe or a device and no file"
        elif about.st_size > MOST_BYTES:
            reason = f"it has more than {MOST_BYTES // 1_000_000_000} GB"
        else:
            return path.read_bytes()
    except OSError as error:
        reason = str(error.strerror)
    except ValueError as error:  # a path that no system can have
        reason = str(error)
    except MemoryError:
        reason = "there is not enough memory"
    raise FormatError(
        f"{path} cannot be read: {reason}.", remedy="Check that it is a file that you may read."
    )


def read_text(path: Path) -> str:
    """UTF-8, or what a byte order mark says. Raises FormatError where it is something else."""
    content = read_bytes(path)
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


def note_open_end(text: str, path: Path, notes: list[str]) -> None:
    """A file that was cut short within its last number looks whole: it has another number there."""
    note_open_ends([path.name] if text and not text.endswith(("\n", "\r")) else [], 1, notes)


def note_open_ends(names: Sequence[str], of: int, notes: list[str]) -> None:
    """As `note_open_end` for many files, unless it is all: some programs write none."""
    if names and (len(names) < of or of == 1):
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        notes.append(
            f"The last line of {names[0]}{more} has no end, as in a file that is cut short: look "
            "whether its last number is whole."
        )


def xml_text(name: str) -> str:
    """The name as it is. Raises FormatError for characters that no XML file can hold."""
    if NOT_IN_XML.search(name):
        raise FormatError(
            f"{name!a} has a character that no XML file can hold.",
            kept="Nothing was written.",
            remedy="Rename it, or export to coco.",
        )
    return name


def cell(text: str) -> str:
    """As a cell of a table that spreadsheets take for text and not for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(text: str) -> str:
    """The inverse of `cell`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def image_cell(path: str) -> str:
    """As `cell`, so that every program finds the image."""
    return f"./{path}" if _FORMULA.match(path) else path


def one_line(name: str) -> str:
    """The name as it is. Raises FormatError where a format of lines could not give it back."""
    if _LINE_BREAK.search(name) or name != name.strip():
        raise FormatError(
            f"{name!a} has a line break in it, or a space at an end: this format cannot hold it.",
            kept="Nothing was written.",
            remedy="Rename it, or export to coco.",
        )
    return name


def beginning(path: Path, size: int = 65536) -> str:
    """The first bytes of a file as far as they are text: to tell what kind of file it is."""
    try:
        if not path.is_file():  # to open a pipe could take for ever
            return ""
        with path.open("rb") as file:
            content = file.read(size)
    except (OSError, ValueError):
        return ""  # whoever reads the file next reports why
    marked_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if marked_16 else "utf-8-sig", errors="replace")
