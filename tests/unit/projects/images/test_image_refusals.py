"""Files that cannot be labelled are refused with a reason and something to do."""

import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from landmark_annotator.projects.images import examine, read_pixels, sha256_of, upright_size
from landmark_annotator.projects.vocabulary.errors import ImageError

NOISE = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)


def write_png_header(path: Path, width: int, height: int) -> None:
    """A 1-bit PNG of any size with next to no pixels in it: a few bytes on disk."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def refusal(path: Path) -> ImageError:
    with pytest.raises(ImageError) as caught:
        read_pixels(path)
    assert str(path) in caught.value.happened
    assert caught.value.remedy
    return caught.value


def test_missing(tmp_path: Path) -> None:
    assert "There is no image" in refusal(tmp_path / "a.png").happened


def test_folder(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path).happened


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()

    assert "empty" in refusal(tmp_path / "a.png").happened


def test_not_an_image(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("<html>404</html>")

    assert "not an image" in refusal(tmp_path / "a.jpg").happened


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "bmp", "webp", "gif", "ppm", "jp2"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_truncated(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(NOISE).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])

    refusal(path)


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_whose_rest_is_zeros(tmp_path: Path, progressive: bool) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(NOISE).save(path, progressive=progressive)
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(content[:half] + bytes(len(content) - half))

    assert "damaged" in refusal(path).happened


def test_jpeg_with_bytes_after_its_end_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(NOISE).save(path)
    path.write_bytes(path.read_bytes() + bytes(500))

    assert read_pixels(path).shape == NOISE.shape


def test_over_4_gigapixels_is_refused_from_the_header(tmp_path: Path) -> None:
    write_png_header(tmp_path / "a.png", 40_000, 100_001)

    # Its pixels are missing: had they been decoded, it would have been called damaged.
    assert "4,000.04 megapixels" in refusal(tmp_path / "a.png").happened


def test_ten_gigapixels_are_refused_from_the_header(tmp_path: Path) -> None:
    write_png_header(tmp_path / "a.png", 100_000, 100_000)

    assert "megapixels" in refusal(tmp_path / "a.png").happened


def test_190_megapixels_are_decoded(tmp_path: Path) -> None:
    write_png_header(tmp_path / "a.png", 19_000, 10_000)

    # Pillow's own limit is 179: this one gets as far as the pixels, which are missing.
    assert "damaged" in refusal(tmp_path / "a.png").happened


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_animated(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    frames = [Image.fromarray(NOISE), Image.fromarray(255 - NOISE)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)

    assert "2 frames" in refusal(path).happened


def test_several_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(NOISE).save(path, save_all=True, append_images=[Image.fromarray(NOISE)])

    refused = refusal(path)
    assert "2 pages" in refused.happened
    assert "In the window, import this file by itself" in refused.remedy  # where no command is


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_a_still_of_a_kind_that_can_move(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(NOISE).save(tmp_path / f"a.{suffix}")

    assert read_pixels(tmp_path / f"a.{suffix}").shape == NOISE.shape


def test_examine_refuses_what_does_not_decode(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(NOISE).save(path)
    path.write_bytes(path.read_bytes()[:-2000])

    with pytest.raises(ImageError):
        examine(path)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(["jpg", "png", "tif", "bmp", "gif", "webp", "ppm"]),
    damage=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_damaged_bytes_give_pixels_or_a_refusal(
    tmp_path: Path, suffix: str, damage: list[tuple[int, int]]
) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(NOISE[:24, :32]).save(path)
    content = bytearray(path.read_bytes())
    for place, value in damage:
        content[place % len(content)] = value
    path.write_bytes(content)

    try:
        pixels = read_pixels(path)
    except ImageError:
        return
    assert pixels.ndim == 3
    assert pixels.dtype == np.uint8


def test_an_image_that_the_memory_does_not_hold_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deep.png"
    cv2.imwrite(str(file), np.arange(60 * 50 * 3, dtype=np.uint16).reshape(60, 50, 3))
    refused = cv2.error("Insufficient memory")
    refused.code = -4

    def without_memory(*_: object) -> None:
        raise refused

    monkeypatch.setattr(cv2, "imdecode", without_memory)

    with pytest.raises(ImageError, match="not enough memory"):
        read_pixels(file)


def test_a_pipe_is_no_image(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")

    for look in (read_pixels, upright_size, sha256_of):
        with pytest.raises(ImageError, match="a pipe or a device"):
            look(tmp_path / "pipe.jpg")
