"""Small pictures that are kept beside a project: whatever becomes of their file, they are there."""

import errno
import os
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from landmark_annotator.projects.groups.picture_memory import small_pictures
from landmark_annotator.projects.images.facts import sha256_of
from landmark_annotator.projects.store import ImageRecord

_FILE = "small_pictures.npz"


@pytest.fixture
def images(tmp_path: Path) -> list[ImageRecord]:
    found = []
    for number, name in enumerate(("a.png", "b.png"), 1):
        path = tmp_path / "images" / name
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), np.full((20, 20, 3), 40 * number, np.uint8))
        found.append(ImageRecord(number, path, sha256_of(path), 20, 20, number))
    return found


def test_a_disk_for_reading_only_costs_what_is_made_again(
    tmp_path: Path, images: list[ImageRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        # Linux does so also where there is nothing to delete.
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(np, "savez", refuse)
    monkeypatch.setattr(os, "unlink", refuse)
    assert len(small_pictures(tmp_path, images)) == 2


def _method(content: bytes) -> bytes:
    """Compressed in a way that nobody knows."""
    place = content.index(b"PK\x01\x02") + 10
    return content[:place] + struct.pack("<H", 77) + content[place + 2 :]


def _encrypted(content: bytes) -> bytes:
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + struct.pack("<H", 1) + content[place + 2 :]


def _array(_: bytes) -> bytes:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(8)


@pytest.mark.parametrize("damage", [_method, _encrypted, _array, lambda text: text[:300]])
def test_a_damaged_file_is_made_anew(
    tmp_path: Path, images: list[ImageRecord], damage: object
) -> None:
    assert callable(damage)
    small_pictures(tmp_path, images)
    whole = (tmp_path / _FILE).read_bytes()
    (tmp_path / _FILE).write_bytes(damage(whole))
    assert len(small_pictures(tmp_path, images)) == 2
    assert len((tmp_path / _FILE).read_bytes()) == len(whole)
