"""Label files as text, and numbers in them."""

import codecs
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError
from landmark_annotator.projects.vocabulary.wording import first_few

UNKNOWN = frozenset(("", "nan", "na"))
"""What stands in a table, in small letters, where a number is unknown; NA as R writes it."""

NUMBER = re.compile(
    r"(?=.{1,1000}\Z)[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE
)
"""A finite decimal number with a point, of at most 1,000 characters. Python's own reading also
takes 1_000 and other digits. What is no number is known in a time linear in its length."""
MOST_BYTES = 4_000_000_000
"""Larger label files that are read whole are refused: they would take several times as much
memory."""
_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 28
ODD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, ActionableError)
"""What an entry of a hostile file raises: values of other kinds than they should be."""
_LINE_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_bytes(path: Path) -> bytes:
    """Of a file; pipes and devices, which may never end, are none. Raises FormatError."""
    with readable(path):
        if size_of(path) > MOST_BYTES:
            raise _unreadable(
                path,
                f"it has more than {MOST_BYTES // 1_000_000_000} GB, and files like it are read "
                "whole",
            )
        return path.read_bytes()


def size_of(path: Path) -> int:
    """In bytes. Raises FormatError for what is no file, inside `readable`."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        what = "it is a folder" if path.is_dir() else "it is a pipe or a device and no file"
        raise _unreadable(path, what)
    return about.st_size


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What reading the file raises is a FormatError."""
    try:
        yield
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise _no_text(path, error.start) from error
    except ActionableError:
        raise
    except ValueError as error:  # a path that no system can have
        raise _unreadable(path, str(error)) from error
    except MemoryError as error:
        raise _unreadable(path, "there is not enough memory") from error


def _unreadable(path: Path, reason: str) -> FormatError:
    return FormatError(
        f"{path} cannot be read: {reason}.", remedy="Check that it is a file that you may read."
    )


def _no_text(path: Path, byte: int) -> FormatError:
    return FormatError(
        f"{path} is not UTF-8 text (byte {byte + 1} is not).",
        remedy="Save it as UTF-8 in a text editor or spreadsheet.",
    )


@dataclass(frozen=True)
class LargeText:
    """A text file that need not fit into memory. ended: whether its last line has an end; that of
    an empty file has none."""

    path: Path
    encoding: str
    empty: bool
    ended: bool

    @classmethod
    def of(cls, path: Path) -> Self:
        """All of it is looked at once. Raises FormatError as `read_text` does."""
        with readable(path):
            size_of(path)
            with path.open("rb") as file:
                encoding = _encoding(file.read(4))
                file.seek(0)
                decoder = codecs.getincrementaldecoder(encoding)()
                before, last, line = 0, "", 0
                while True:
                    block = file.read(_BLOCK)
                    pending = len(decoder.getstate()[0])
                    try:
                        text = decoder.decode(block, final=not block)
                    except UnicodeDecodeError as error:
                        raise _no_text(path, before - pending + error.start) from error
                    if "\0" in text:
                        raise _not_a_text(path)
                    before, last = before + len(block), text[-1:] or last
                    start = text.rfind("\n") + 1
                    line = len(text) - start + (0 if start else line)
                    if line > _LONGEST_LINE:
                        raise _unreadable(path, f"it has a line of over {_LONGEST_LINE:,} letters")
                    if not block:
                        return cls(path, encoding, not before, last in ("\n", "\r"))

    def lines(self) -> Iterator[str]:
        """With their ends, as the csv module wants them. Raises FormatError."""
        with readable(self.path), self.path.open(encoding=self.encoding, newline="") as file:
            yield from file


def read_text(path: Path) -> str:
    """UTF-8, or what a byte order mark says; UTF-16 also without one. Raises FormatError where it
    is something else."""
    content = read_bytes(path)
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        raise _no_text(path, error.start) from error
    if "\0" in text:
        raise _not_a_text(path)
    return text


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark: label files begin with two ASCII letters, of which UTF-16 makes four bytes.
    for encoding in ("utf-16-le", "utf-16-be"):
        with_zeros = b"\0" in content[:4] and len(content) >= 4
        letters = content[:4].decode(encoding, errors="replace") if with_zeros else ""
        if letters.isascii() and len(letters) == 2 and "\0" not in letters:
            return encoding
    return "utf-8-sig"


def _not_a_text(path: Path) -> FormatError:
    return FormatError(f"{path} is not a text file.", remedy="Choose the label file itself.")


def note_open_end(text: str, path: Path, notes: list[str]) -> None:
    """A file that was cut short within its last number looks whole: it has another number there."""
    note_open_ends([path.name] if text and not text.endswith(("\n", "\r")) else [], 1, notes)


def note_open_ends(names: Sequence[str], of: int, notes: list[str]) -> None:
    """As `note_open_end` for many files, unless it is all: some programs write none."""
    if names and (len(names) < of or of == 1):
        notes.append(
            f"The last line of {first_few(names, 1)} has no end, as in a file that is cut short: "
            "look whether its last number is whole."
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
    return content.decode(_encoding(content), errors="replace")
