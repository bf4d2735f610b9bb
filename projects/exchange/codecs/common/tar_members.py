"""What is in a tar archive that anybody may have made, one member at a time and nothing unpacked.

Python's own `tarfile` believes sizes and sparse maps that no archive needs, and has gone in circles
over such. Here a member is a range of the archive's own bytes, so that nothing is larger than the
archive, and each begins after the one before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from landmark_annotator.projects.vocabulary.errors import FormatError

BLOCK = 512
_MOST_WORDS = 1 << 20
"""Bytes of a header in words: a name that is long, or in letters of other scripts."""
_FILES, _FOLDER = (b"0", b"\0", b"7"), b"5"
_WORDS, _LONG_NAME, _LONG_LINK, _ALL_WORDS = b"x", b"L", b"K", b"g"


@dataclass(frozen=True)
class Member:
    """A file, unless `reason` says what else: then its bytes are none to read. offset: in the
    archive."""

    name: str
    offset: int
    size: int
    reason: str = ""


def members(archive: BinaryIO, length: int) -> Iterator[Member]:
    """In their order, without folders. length: of the archive, in bytes. Raises FormatError where
    it is none, or cut short, after what is whole."""
    offset, name, ended = 0, "", False
    while offset + BLOCK <= length and not ended:
        archive.seek(offset)
        header = archive.read(BLOCK)
        if len(header) < BLOCK:
            break
        ended = not any(header)
        if ended:
            continue
        _check_sum(header)
        size, kind = _number(header[124:136]), header[156:157]
        begin = offset + BLOCK
        offset = begin + -(-size // BLOCK) * BLOCK
        if begin + size > length:
            raise FormatError("it is cut short.")
        if kind in (_WORDS, _LONG_NAME, _LONG_LINK, _ALL_WORDS):
            if size > _MOST_WORDS:
                raise FormatError(f"a header of it has {size:,} bytes.")
            words = archive.read(size)
            if kind == _LONG_NAME:
                name = _text(words.rstrip(b"\0"))
            elif kind == _WORDS:
                name = _name_in(words) or name
            continue
        short, before = _text(_ended(header[:100])), b""
        if header[257:263] == b"ustar\0":
            before = _ended(header[345:500])
        own = name or (f"{_text(before)}/{short}" if before else short)
        name = ""
        if kind in _FILES and not own.endswith("/"):
            yield Member(own, begin, size)
        elif kind not in (_FOLDER, *_FILES):
            yield Member(own, begin, 0, "it is a link, a device or a file with holes")
    if not ended and offset != length:
        raise FormatError("it is cut short.")


def _ended(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def _text(words: bytes) -> str:
    return words.decode("utf-8", "replace")


def _number(field: bytes) -> int:
    """Octal, or binary where the first bit is set. Raises FormatError for what is negative."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = _ended(field).strip(b" ")
    if not all(digit in b"01234567" for digit in digits):
        raise FormatError("it is no tar archive, or damaged.")
    return int(digits or b"0", 8)


def _check_sum(header: bytes) -> None:
    """Raises FormatError."""
    said = _number(header[148:156])
    if said != sum(header[:148]) + 8 * 32 + sum(header[156:]):
        raise FormatError("it is no tar archive, or damaged.")


def _name_in(words: bytes) -> str:
    """Of lines "LENGTH path=NAME". Raises FormatError for what changes where the bytes are."""
    name = ""
    while words:
        length, blank, _ = words.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 7 or int(length) <= len(length) + 1:
            raise FormatError("it is no tar archive, or damaged.")
        key, _, value = words[len(length) + 1 : int(length) - 1].partition(b"=")
        if key == b"size" or key.startswith(b"GNU.sparse"):
            raise FormatError("it has a file with holes, or one of more than 8 GB.")
        if key == b"path":
            name = _text(value)
        words = words[int(length) :]
    return name
