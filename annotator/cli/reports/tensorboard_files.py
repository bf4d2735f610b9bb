"""Trainings as the event files that TensorBoard reads; written here, so nothing need be installed.

A file is a row of records: the length of a message as eight bytes, their checksum, the message, its
checksum (CRC-32C, turned and shifted; `tensorflow/core/lib/io/record_writer.h`). A message is the
protocol buffer `Event` (`tensorboard/compat/proto/event.proto`), of which four fields are needed.
"""

import struct
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from landmark_annotator.annotator.session.models.training_record import TrainingRecord
from landmark_annotator.annotator.session.reports.training_report import facts_of
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary.errors import ActionableError

_POLYNOMIAL = 0x82F63B78
_MASK = 0xA282EAD8
_TEXT = b"text"


def write_tensorboard(records: Iterable[TrainingRecord], folder: Path) -> list[Path]:
    """A folder a training, with its curves as scalars by epoch and its settings as text. What an
    earlier call has written is replaced. Raises ActionableError where it cannot be written."""
    written = []
    for record in records:
        place = folder / f"{record.number:04}-{record.backend}"
        file = place / f"events.out.tfevents.{int(record.begun.timestamp())}.landmark-annotator"
        try:
            place.mkdir(parents=True, exist_ok=True)
            write_whole(file, b"".join(map(_framed, _events(record))))
        except OSError as error:
            raise ActionableError(
                f"The curves cannot be written to {folder}: {error.strerror}.",
                remedy="Give another folder to --tensorboard.",
            ) from error
        written.append(file)
    return written


def _events(record: TrainingRecord) -> Iterator[bytes]:
    begun = record.begun.timestamp()
    yield _event(begun, 0, _bytes(3, b"brain.Event:2"))
    rows = "\n".join(f"| {what} | {text} |" for what, text in facts_of(record, False))
    yield _event(begun, 0, _bytes(5, _bytes(1, _text("training", f"| | |\n|---|---|\n{rows}"))))
    last = max((points[-1][0] for points in record.curves.values()), default=1)
    for name, points in record.curves.items():
        for epoch, value in points:
            # When each epoch ended nobody wrote down; they take about the same time.
            at = record.begun + timedelta(seconds=record.seconds * epoch / last)
            scalar = _bytes(1, name.encode()) + b"\x15" + struct.pack("<f", value)
            yield _event(at.timestamp(), epoch, _bytes(5, _bytes(1, scalar)))


def _event(at: float, step: int, what: bytes) -> bytes:
    return b"\x09" + struct.pack("<d", at) + b"\x10" + _varint(step) + what


def _text(tag: str, text: str) -> bytes:
    """A `Summary.Value` for the text plugin: a tensor of one string."""
    plugin = _bytes(9, _bytes(1, _bytes(1, _TEXT)))
    shape = _bytes(2, _bytes(2, b"\x08\x01"))
    tensor = _bytes(8, b"\x08\x07" + shape + _bytes(8, text.encode()))
    return _bytes(1, tag.encode()) + plugin + tensor


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    parts = []
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _framed(message: bytes) -> bytes:
    length = struct.pack("<Q", len(message))
    return length + _checksum(length) + message + _checksum(message)


def _table() -> Iterator[int]:
    for number in range(256):
        for _ in range(8):
            number = number >> 1 ^ (_POLYNOMIAL if number & 1 else 0)
        yield number


_REMAINDERS = tuple(_table())


def _checksum(content: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in content:
        crc = crc >> 8 ^ _REMAINDERS[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF)
