"""What x264 writes of itself into the first picture of an H.264 video. Of 4:4:4 pictures by its
builds before 151, of 2017, FFmpeg undoes a fault of the encoder, and a seek makes it forget that it
has to: all that is decoded after one is green and grey."""

import re
from collections.abc import Iterator
from typing import Any

_SAID = b"x264 - core"
_START = re.compile(b"\x00\x00\x01")
_NOTE, _TYPE = 6, 31
"""The type of unit that such a note is, and the bits of a unit's first byte that say its type."""


def encoder_note(container: Any) -> bytes:
    """The unit that names the build, as it stands before a picture; b"" where there is none. Reads
    the first packet: what is read next has to be sought."""
    stream = container.streams.video[0]
    if stream.codec_context.name != "h264":
        return b""
    try:
        first = bytes(next(container.demux(stream)))
    except (OSError, ValueError, StopIteration):
        return b""
    if _SAID not in first:
        return b""
    return next(_notes(first, stream.codec_context.extradata or b""), b"")


def _notes(packet: bytes, head: bytes) -> Iterator[bytes]:
    """head: of the stream. In MP4 and Matroska each unit has its length before it, elsewhere a mark
    stands where one begins."""
    lengths = (head[4] & 3) + 1 if head[:1] == b"\x01" and len(head) > 4 else 0
    units = _of_lengths(packet, lengths) if lengths else _of_marks(packet)
    for unit in units:
        begin = lengths or len(_START.pattern)
        if len(unit) > begin and unit[begin] & _TYPE == _NOTE and _SAID in unit:
            yield unit


def _of_lengths(packet: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at + size <= len(packet):
        end = at + size + int.from_bytes(packet[at : at + size], "big")
        yield packet[at:end]
        at = end


def _of_marks(packet: bytes) -> Iterator[bytes]:
    begins = [found.start() for found in _START.finditer(packet)]
    for begin, end in zip(begins, [*begins[1:], len(packet)], strict=True):
        yield packet[begin:end]


def with_note(packet: Any, note: bytes) -> Any:
    """The first packet that is decoded after a seek, with the note before its picture."""
    if not note or not packet.size or packet.is_corrupt or _SAID in bytes(packet):
        return packet
    import av

    told = av.Packet(note + bytes(packet))
    told.pts, told.dts, told.time_base = packet.pts, packet.dts, packet.time_base
    told.stream, told.is_keyframe = packet.stream, packet.is_keyframe
    return told
