"""Images that do not fit into memory have the same pixels as those that do."""

import re
import struct
import sys
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.images import (
    decoding,
    large,
    overview,
    read_pixels,
    share_read,
)
from landmark_annotator.projects.remote.addresses import cache_folder
from landmark_annotator.projects.vocabulary.errors import ImageError

RANDOM = np.random.default_rng(0)
SMOOTH = np.kron(RANDOM.integers(0, 256, (5, 7, 4)), np.ones((20, 20, 1))).astype(np.uint8)
"""(100, 140, 4)"""


def _oriented(path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(SMOOTH[..., :3]).save(path, exif=exif, quality=95)


def _deep(path: Path) -> None:
    Image.fromarray(SMOOTH[..., 0].astype(np.uint16) * 12 + 300).save(path)


FILES = {
    "colours.png": lambda path: Image.fromarray(SMOOTH[..., :3]).save(path),
    "grey.png": lambda path: Image.fromarray(SMOOTH[..., 0]).save(path),
    "transparent.png": lambda path: Image.fromarray(SMOOTH).save(path),
    "deep.png": _deep,
    "oriented.jpg": _oriented,
    "scan.tif": lambda path: Image.fromarray(SMOOTH[..., :3]).save(path),
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_PIXELS", 1000)


@pytest.mark.parametrize("name", FILES)
def test_pixels_are_those_of_a_small_image(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILES[name](tmp_path / name)
    small = read_pixels(tmp_path / name)
    monkeypatch.setattr(decoding, "MAX_PIXELS", 1000)
    mapped = read_pixels(tmp_path / name)
    assert isinstance(mapped, np.memmap)
    assert mapped.shape == small.shape
    # Two decoders of JPEG differ by one or two.
    assert np.abs(mapped.astype(int) - small).max() <= (2 if name.endswith("jpg") else 1)


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("name", FILES)
def test_an_overview_is_the_image_scaled_down(name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    whole, small = read_pixels(tmp_path / name), overview(tmp_path / name, 35)
    height, width = whole.shape[:2]
    assert small.shape == (height * 35 // max(whole.shape), width * 35 // max(whole.shape), 3)
    shrunk = np.asarray(Image.fromarray(whole).resize((small.shape[1], small.shape[0])))
    # Along the borders of blocks two ways of scaling differ.
    assert np.median(np.abs(small.astype(int) - shrunk)) <= 2


@pytest.mark.usefixtures("all_are_large")
def test_who_asks_while_it_is_decoded_waits_and_is_given_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(SMOOTH[..., 0]).save(tmp_path / "a.png")
    decoded, begun, write = [], Event(), large._write

    def slowly(*args: Any) -> None:
        decoded.append(share_read(tmp_path / "a.png"))
        begun.set()
        sleep(0.05)
        write(*args)

    monkeypatch.setattr(large, "_write", slowly)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(read_pixels, tmp_path / "a.png")
        begun.wait()
        second = threads.submit(read_pixels, tmp_path / "a.png")
        assert first.result() is second.result()
    assert decoded == [0.0]
    assert share_read(tmp_path / "a.png") is None


@pytest.mark.usefixtures("all_are_large")
def test_it_is_known_how_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told, tell = tmp_path / "a.tif", [], large._tell
    # Of 3,000 rows libvips, on a busy machine, once in forty times says nothing at all.
    Image.fromarray(np.zeros((30_000, 400, 3), np.uint8)).save(path)

    def listen(*args: Any) -> None:
        tell(*args)
        told.append(share_read(path))

    monkeypatch.setattr(large, "_tell", listen)
    read_pixels(path)
    assert told == sorted(told)
    assert told[0] < told[-1] <= 1.0


@pytest.mark.usefixtures("all_are_large")
def test_a_page_of_several(tmp_path: Path) -> None:
    pages = [Image.fromarray(SMOOTH[..., i]) for i in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    assert (read_pixels(tmp_path / "a.tif", 2)[..., 0] == SMOOTH[..., 2]).all()


@pytest.mark.usefixtures("all_are_large")
def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(SMOOTH[..., 0]).save(path)
    before = read_pixels(path)
    Image.fromarray(255 - SMOOTH[:50, :, 0]).save(path)
    assert (read_pixels(path)[..., 0] == 255 - SMOOTH[:50, :, 0]).all()
    assert (before[..., 0] == SMOOTH[..., 0]).all()


@pytest.mark.usefixtures("all_are_large")
def test_one_that_is_cut_short_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(RANDOM.integers(0, 256, (300, 300, 3), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(ImageError, match="damaged or cut short"):
        read_pixels(path)


@pytest.mark.usefixtures("all_are_large")
def test_a_tiff_whose_header_claims_more_rows_than_it_has_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(SMOOTH[..., :3]).save(path)
    content = path.read_bytes()
    height = struct.pack("<HHI", 257, 4, 1)  # the tag, one whole number
    at = content.index(height) + len(height)
    path.write_bytes(content[:at] + struct.pack("<I", 100_000) + content[at + 4 :])

    with pytest.raises(ImageError, match="damaged or cut short"):
        read_pixels(path)
    with pytest.raises(ImageError, match="damaged or cut short"):
        overview(path, 50)


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_a_tiff_with_too_few_bytes_for_its_header_is_refused_before_it_is_decoded(
    compression: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(SMOOTH[..., :3]).save(path, compression=compression)
    content = path.read_bytes()
    [tag] = re.finditer(struct.pack("<H", 256) + b"[\3\4]\0" + struct.pack("<I", 1), content)
    width = struct.pack("<HHII", 256, 4, 1, 30_000_000)
    path.write_bytes(content[: tag.start()] + width + content[tag.start() + len(width) :])
    monkeypatch.setattr(decoding, "large_pixels", lambda *_: pytest.fail("it was decoded"))

    with pytest.raises(ImageError, match="too few bytes"):
        read_pixels(path)


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_a_tiff_of_one_colour_has_bytes_enough(compression: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.new("RGB", (3000, 2000), (9, 9, 9)).save(path, compression=compression)

    assert (read_pixels(path) == 9).all()


@pytest.mark.usefixtures("all_are_large")
def test_tiles_that_were_never_stored_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    grey = np.full((100, 140, 3), 200, np.uint8)
    pyvips = pytest.importorskip("pyvips")
    whole = pyvips.Image.new_from_array(grey)
    whole.tiffsave(str(path), tile=True, tile_width=64, tile_height=64)
    content = bytearray(path.read_bytes())
    [tags] = struct.unpack_from("<I", content, 4)
    for entry in range(tags + 2, tags + 2 + 12 * struct.unpack_from("<H", content, tags)[0], 12):
        tag, kind, _count, place = struct.unpack_from("<HHII", content, entry)
        if tag in (324, 325):  # where tiles lie, and how long they are: of the second one, nowhere
            size = {3: 2, 4: 4}[kind]
            content[place + size : place + 2 * size] = bytes(size)
    path.write_bytes(content)

    assert (read_pixels(path)[:64, :64] == 200).all()


@pytest.mark.usefixtures("all_are_large")
def test_without_libvips_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(SMOOTH[..., :3]).save(tmp_path / "a.png")
    monkeypatch.setitem(sys.modules, "pyvips", None)
    with pytest.raises(ImageError) as refused:
        read_pixels(tmp_path / "a.png")
    assert "landmark-annotator[large]" in refused.value.remedy


@pytest.mark.usefixtures("all_are_large")
def test_a_full_disk_is_told_of_before_it_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(SMOOTH[..., :3]).save(tmp_path / "a.png")
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(large.shutil, "disk_usage", lambda _: usage(1000))
    with pytest.raises(ImageError, match="GB are free") as refused:
        read_pixels(tmp_path / "a.png")
    assert "TMPDIR" in refused.value.remedy


@pytest.mark.usefixtures("all_are_large")
def test_the_next_time_it_is_not_decoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(SMOOTH[..., :3]).save(tmp_path / "a.png")
    first = read_pixels(tmp_path / "a.png")
    large._mapped.cache_clear()  # as another process
    monkeypatch.setattr(large, "_write", None)
    assert (read_pixels(tmp_path / "a.png") == first).all()


@pytest.mark.usefixtures("all_are_large")
def test_of_a_file_that_was_replaced_nothing_is_kept(tmp_path: Path) -> None:
    for value in (0, 255):
        Image.new("L", (90, 80 + value), value).save(tmp_path / "a.png")
        read_pixels(tmp_path / "a.png")
    [kept] = cache_folder().rglob("*.npy")
    assert np.load(kept).min() == 255


@pytest.mark.usefixtures("all_are_large")
def test_a_copy_that_was_spoiled_is_passed_over(tmp_path: Path) -> None:
    Image.fromarray(SMOOTH[..., :3]).save(tmp_path / "a.png")
    first = read_pixels(tmp_path / "a.png").copy()
    large._mapped.cache_clear()
    [kept] = cache_folder().rglob("*.npy")
    kept.write_bytes(kept.read_bytes()[:300])
    assert (read_pixels(tmp_path / "a.png") == first).all()


@pytest.mark.usefixtures("all_are_large")
def test_where_the_cache_has_no_room_it_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_CACHE_LIMIT", "1KB")
    Image.fromarray(SMOOTH[..., :3]).save(tmp_path / "a.png")
    assert (read_pixels(tmp_path / "a.png") == SMOOTH[..., :3]).all()
    assert not list(cache_folder().rglob("*.npy"))
