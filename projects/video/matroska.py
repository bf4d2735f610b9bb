"""Whether a Matroska file (MKV, WebM) is as long as its head says.

Such a file says nowhere how many frames it has. Sources: RFC 8794 (EBML), sections 4 to 6, and
RFC 9559 (Matroska), section 5.1.
"""

from pathlib import Path

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_HEAD = 4096
"""Bytes in which the segment begins: before it stands one short element."""


def was_cut(path: Path) -> bool:
    """Whether the segment, which holds everything, is longer than what is there of the file. One
    that a recorder has never finished says no length: of it nothing is known.

    Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith(_EBML):
        return False
    at, size = _size(head, len(_EBML))
    start = at + (size or 0)
    if size is None or head[start : start + len(_SEGMENT)] != _SEGMENT:
        return False
    at, size = _size(head, start + len(_SEGMENT))
    return size is not None and at + size > path.stat().st_size


def _size(head: bytes, at: int) -> tuple[int, int | None]:
    """Where the content begins, and its length in bytes; None where that is not known."""
    if at >= len(head) or head[at] == 0:
        return at, None
    length = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + length], "big") & ((1 << 7 * length) - 1)
    unknown = value == (1 << 7 * length) - 1 or at + length > len(head)
    return at + length, None if unknown else value
