"""Data sets that hold their images, or lie beside them: all that they can carry comes back."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import HEIGHT, WIDTH, exported, labelled
from PIL import Image

from landmark_annotator.projects.exchange import by_name, sniff
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.shards import in_shards, shards_of
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

Content = tuple[Scheme, list[tuple[Shape, Box | None]]]


def hash_of(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


def with_images(instances: Sequence[ExportedInstance]) -> None:
    for number, path in enumerate(dict.fromkeys(each.image for each in instances)):
        path.parent.mkdir(exist_ok=True)
        Image.new("L", (WIDTH, HEIGHT), number).save(path)


@pytest.mark.parametrize("format", ["webdataset", "huggingface", "imagefolder"])
@settings(deadline=None, max_examples=15)
@given(labelled())
def test_export_and_import_are_the_identity(format: str, content: Content) -> None:
    scheme, several = content
    if not several:
        return
    card = by_name(format)
    assert card.writer is not None
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, several)
        # Two objects of one image, and the others each in one of its own.
        first = instances[0]
        again = ExportedInstance(first.image, WIDTH, HEIGHT, first.shape, None, "again")
        instances.insert(1, again)
        with_images(instances)
        card.writer().write(folder / "out", instances, scheme)
        assert sniff(folder / "out").name == format
        back = card.reader().read(folder / "out", scheme)
        pixels = [hash_of(each.image) for each in back.instances]
        wanted = [hash_of(each.image) for each in instances]

    assert (back.unreadable, back.notes, pixels) == ([], [], wanted)
    for entry, written in zip(back.instances, instances, strict=True):
        shape = written.shape
        carried = shape.known & (shape.visibility > 0)
        points = np.where(carried[:, None], shape.points, np.nan)
        assert np.array_equal(entry.shape.points, points, equal_nan=True)
        assert np.array_equal(entry.shape.visibility, np.where(carried, shape.visibility, 0))
        assert np.array_equal(entry.shape.absent, shape.absent)
        assert (entry.box, entry.source) == (written.box, written.source)


@given(st.lists(st.integers(1, 3000), max_size=30), st.integers(1, 5))
def test_shards_hold_all_samples_in_order_and_no_more_than_fits(
    sizes: list[int], kilobytes: int
) -> None:
    found = []
    with shards_of(kilobytes / 1000):
        for shard in in_shards((place, size) for place, size in enumerate(sizes)):
            found.append(list(shard))

    assert [place for shard in found for place in shard] == list(range(len(sizes)))
    totals = [sum(sizes[place] for place in shard) for shard in found]
    for shard, total, after in zip(found, totals, [*found[1:], []], strict=False):
        assert total <= kilobytes * 1000 or len(shard) == 1
        assert not after or total + sizes[after[0]] > kilobytes * 1000
