"""HDF5 files that crash, that lie or that grow without end: each ends in a sentence."""

import json
import os
import signal
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from landmark_annotator.projects.apart.serving import _answer
from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

PAIR = Scheme("pair", ("one", "two"))


def exported(target: Path, format: str) -> bytes:
    image = target.with_name("a.png")
    shape = Shape(np.array([[1.5, 2.5], [3.5, 4.5]]))
    card = by_name(format)
    assert card.writer is not None
    card.writer().write(target, [ExportedInstance(image, 9, 9, shape, Box(4, 4, 8, 8), "k")], PAIR)
    return target.read_bytes()


def test_fields_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """HDF5 would convert them beyond the end of their row."""
    file = tmp_path / "labels.slp"
    content = exported(file, "sleap")
    whole = b"y\0\0\0\0\0\0\0\x08\0\0\0"
    assert whole in content
    file.write_bytes(content.replace(whole, whole.replace(b"\x08", b"\x04")))

    with pytest.raises(FormatError, match="overlap"):
        by_name("sleap").reader().read(file, PAIR)


def test_a_small_file_that_would_fill_the_memory_is_refused_with_the_bound(tmp_path: Path) -> None:
    file = tmp_path / "labels.h5"
    exported(file, "deeplabcut-h5")
    with h5py.File(file, "a") as opened:
        del opened["df_with_missing/block0_values"]
        shape = (1_000_000_000, 4)
        opened.create_dataset("df_with_missing/block0_values", shape, "f8", chunks=(10_000, 4))

    with pytest.raises(FormatError, match=r"takes more than 2\.\d GB of memory"):
        by_name("deeplabcut-h5").reader().read(file, PAIR)


@pytest.mark.parametrize("format", ["sleap", "deeplabcut-h5"])
def test_after_a_refusal_the_next_file_is_read(tmp_path: Path, format: str) -> None:
    file = tmp_path / "labels"
    content = exported(file, format)
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(FormatError):
        by_name(format).reader().read(file, PAIR)
    file.write_bytes(content)

    found = by_name(format).reader().read(file, PAIR)

    assert found.instances[0].shape.points.tolist() == [[1.5, 2.5], [3.5, 4.5]]


@pytest.mark.parametrize(
    ("what", "becomes"),
    [
        (lambda _: os.kill(os.getpid(), signal.SIGKILL), {"died": True}),
        (lambda _: time.sleep(60), {"late": True}),
        (lambda _: bytearray(8 << 30), {"large": True}),
        (lambda _: [][0], {"damaged": "list index out of range"}),
        (lambda path: [path, 1.5], {"found": ["a file", 1.5]}),
    ],
)
def test_whatever_happens_there_is_an_answer_here(what: object, becomes: object) -> None:
    request = {"question": "a file", "bytes": 6 << 30, "seconds": 0.5}

    assert json.loads(_answer(what, request)) == becomes  # type: ignore[arg-type]
