"""Every kind of still image comes out as upright 8-bit RGB."""

import struct
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from landmark_annotator.projects.images import read_pixels, upright_size
from landmark_annotator.projects.images.decoding import page_count

ORIENTATION = 274

# A corner that differs from the others in colour and place shows any turn or channel swap.
UPRIGHT = np.zeros((20, 30, 3), dtype=np.uint8)
UPRIGHT[:8, :8] = [250, 120, 10]


def write_tiff_16_bit(path: Path, colours: npt.NDArray[np.uint16], orientation: int = 1) -> None:
    """An uncompressed 16-bit RGB TIFF. colours: (height, width, 3)."""
    height, width, _ = colours.shape
    tags = [
        (256, 3, 1, width),
        (257, 3, 1, height),
        (258, 3, 3, 0),  # bits per sample: filled in below
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 0),  # where the pixels start: filled in below
        (274, 3, 1, orientation),
        (277, 3, 1, 3),
        (278, 3, 1, height),
        (279, 4, 1, colours.nbytes),
        (284, 3, 1, 1),
    ]
    bits_at = 8 + 2 + 12 * len(tags) + 4
    pixels_at = bits_at + 6
    filled = {258: bits_at, 273: pixels_at}
    directory = b"".join(
        struct.pack("<HHII", tag, kind, count, filled.get(tag, value))
        for tag, kind, count, value in tags
    )
    path.write_bytes(
        b"II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<H", len(tags))
        + directory
        + struct.pack("<I", 0)
        + struct.pack("<HHH", 16, 16, 16)
        + colours.astype("<u2").tobytes()
    )


def without_adobe_segment(jpeg: bytes) -> bytes:
    """The JPEG without the segment in which Adobe's programs leave their mark."""
    start = jpeg.index(b"\xff\xee")
    length = int.from_bytes(jpeg[start + 2 : start + 4], "big")
    return jpeg[:start] + jpeg[start + 2 + length :]


def test_colour_pixels_come_out_as_written(tmp_path: Path) -> None:
    Image.fromarray(UPRIGHT).save(tmp_path / "a.png")

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, UPRIGHT)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int, suffix: str) -> None:
    # What the camera stored: the inverse of what the viewer has to do.
    stored = {
        1: UPRIGHT,
        2: UPRIGHT[:, ::-1],
        3: np.rot90(UPRIGHT, 2),
        4: UPRIGHT[::-1],
        5: UPRIGHT.transpose(1, 0, 2),
        6: np.rot90(UPRIGHT, 1),
        7: np.rot90(UPRIGHT.transpose(1, 0, 2), 2),
        8: np.rot90(UPRIGHT, -1),
    }[orientation]
    image = Image.fromarray(np.ascontiguousarray(stored))
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    path = tmp_path / f"a.{suffix}"
    image.save(path, exif=exif, quality=100)

    pixels = read_pixels(path)

    assert pixels.shape == UPRIGHT.shape
    assert np.abs(pixels[3, 3].astype(int) - UPRIGHT[3, 3]).max() < 12
    assert pixels[-4, -4].max() < 12


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_a_grey_tiff_that_lies_on_its_side_is_read_upright_and_has_that_size(
    tmp_path: Path, orientation: int, compression: str | None
) -> None:
    grey = np.arange(20 * 30, dtype=np.uint16).reshape(20, 30) % 251
    stored = {
        1: grey,
        2: grey[:, ::-1],
        3: np.rot90(grey, 2),
        4: grey[::-1],
        5: grey.T,
        6: np.rot90(grey, 1),
        7: np.rot90(grey.T, 2),
        8: np.rot90(grey, -1),
    }[orientation]
    image = Image.fromarray(np.ascontiguousarray(stored).astype(np.uint8))
    image.save(tmp_path / "a.tif", compression=compression, tiffinfo={ORIENTATION: orientation})

    pixels = read_pixels(tmp_path / "a.tif")

    assert np.array_equal(pixels[..., 0], grey)
    assert upright_size(tmp_path / "a.tif") == (30, 20)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_grey_uses_the_range_of_its_values(tmp_path: Path, suffix: str) -> None:
    ramp = np.linspace(0, 4095, 256).astype(np.uint16)  # a 12-bit camera
    Image.fromarray(np.tile(ramp, (10, 1))).save(tmp_path / f"a.{suffix}")

    pixels = read_pixels(tmp_path / f"a.{suffix}")

    assert np.abs(pixels[5].astype(int) - np.arange(256)[:, None]).max() <= 1


def test_16_bit_grey_is_turned_upright(tmp_path: Path) -> None:
    stored = np.zeros((20, 30), dtype=np.uint16)
    stored[:8, :8] = 50_000
    image = Image.fromarray(stored)
    exif = image.getexif()
    exif[ORIENTATION] = 6
    image.save(tmp_path / "a.png", exif=exif)

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels.shape == (30, 20, 3)
    assert pixels[3, -4].tolist() == [255, 255, 255]


def test_16_bit_grey_of_one_value_is_readable(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 9, dtype=np.uint16)).save(tmp_path / "a.png")

    assert np.ptp(read_pixels(tmp_path / "a.png")) == 0


def _dark_16_bit_colours() -> np.ndarray:
    colours = np.zeros((20, 30, 3), dtype=np.uint16)
    colours[:8, :8] = [400, 200, 100]
    return colours


def test_16_bit_colour_png_keeps_its_low_bits(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), _dark_16_bit_colours()[..., ::-1])

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels[3, 3].tolist() == [255, 128, 64]


@pytest.mark.parametrize(("orientation", "shape"), [(1, (20, 30, 3)), (6, (30, 20, 3))])
def test_16_bit_colour_tiff_keeps_its_low_bits_upright(
    tmp_path: Path, orientation: int, shape: tuple[int, int, int]
) -> None:
    write_tiff_16_bit(tmp_path / "a.tif", _dark_16_bit_colours(), orientation)

    pixels = read_pixels(tmp_path / "a.tif")

    assert pixels.shape == shape
    corner = pixels[3, 3] if orientation == 1 else pixels[3, -4]
    assert corner.tolist() == [255, 128, 64]


def test_16_bit_alpha_is_laid_over_grey(tmp_path: Path) -> None:
    colours = np.full((4, 6, 4), 65535, dtype=np.uint16)
    colours[0, 0] = [0, 0, 0, 65535]
    colours[:, 3:, 3] = 0
    cv2.imwrite(str(tmp_path / "a.png"), colours)

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels[1, 1].tolist() == [255, 255, 255]
    assert pixels[1, 4].tolist() == [128, 128, 128]


def test_float_grey_ignores_what_is_not_a_number(tmp_path: Path) -> None:
    values = np.tile(np.linspace(-1, 1, 256, dtype=np.float32), (4, 1))
    values[0, 0] = np.nan
    Image.fromarray(values).save(tmp_path / "a.tif")

    pixels = read_pixels(tmp_path / "a.tif")

    assert np.array_equal(pixels[1, :, 0], np.arange(256))


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_fills_three_channels(tmp_path: Path, mode: str) -> None:
    Image.fromarray(UPRIGHT[..., 0]).point(lambda v: 255 if v else 0).convert(mode).save(
        tmp_path / "a.png"
    )

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels.shape == UPRIGHT.shape
    assert pixels[3, 3].tolist() == [255, 255, 255]
    assert pixels[-4, -4].tolist() == [0, 0, 0]


def test_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = Image.fromarray((UPRIGHT[..., 0] > 0).astype(np.uint8), mode="L").convert("P")
    image.putpalette([255, 0, 255, 250, 120, 10])
    image.save(tmp_path / "a.png", transparency=0)

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels[3, 3].tolist() == [250, 120, 10]
    assert pixels[-4, -4].tolist() == [128, 128, 128]


def test_transparent_pixels_show_grey_and_not_what_is_stored_under_them(tmp_path: Path) -> None:
    image = Image.fromarray(UPRIGHT).convert("RGBA")
    image.putalpha(Image.fromarray(np.where(UPRIGHT[..., 0] > 0, 255, 0).astype(np.uint8)))
    image.save(tmp_path / "a.png")

    pixels = read_pixels(tmp_path / "a.png")

    assert pixels[3, 3].tolist() == [250, 120, 10]
    assert pixels[-4, -4].tolist() == [128, 128, 128]


def _cmyk_white_with_red_corner() -> Image.Image:
    inks = np.zeros((32, 32, 4), dtype=np.uint8)
    inks[:16, :16] = [0, 255, 255, 0]
    return Image.fromarray(inks, mode="CMYK")


def _is_white_with_red_corner(pixels: np.ndarray) -> bool:
    red, white = pixels[4, 4].astype(int), pixels[-4, -4].astype(int)
    return bool(np.abs(red - [255, 0, 0]).max() < 12 and np.abs(white - 255).max() < 12)


def test_cmyk_jpeg_by_adobe(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    _cmyk_white_with_red_corner().save(path)
    assert b"Adobe" in path.read_bytes()

    assert _is_white_with_red_corner(read_pixels(path))


def test_cmyk_jpeg_without_adobes_mark_is_not_inverted(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    # Pillow stores the inks inverted and marks them as Adobe's, so these are stored as they are.
    inverted = Image.fromarray(255 - np.asarray(_cmyk_white_with_red_corner()), mode="CMYK")
    inverted.save(path)
    path.write_bytes(without_adobe_segment(path.read_bytes()))

    assert _is_white_with_red_corner(read_pixels(path))


def test_cmyk_tiff(tmp_path: Path) -> None:
    _cmyk_white_with_red_corner().save(tmp_path / "a.tif")

    assert _is_white_with_red_corner(read_pixels(tmp_path / "a.tif"))


def test_mpo_of_a_phone_is_a_still(tmp_path: Path) -> None:
    first, second = Image.fromarray(UPRIGHT), Image.fromarray(255 - UPRIGHT)
    first.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[second])

    pixels = read_pixels(tmp_path / "a.jpg")

    assert pixels[-4, -4].max() < 12


def test_pixels_may_be_changed_by_the_caller(tmp_path: Path) -> None:
    Image.fromarray(UPRIGHT).save(tmp_path / "a.png")

    assert read_pixels(tmp_path / "a.png").flags.writeable


def test_every_page_of_16_bits_has_its_own_colours(tmp_path: Path) -> None:
    first = np.zeros((6, 5, 3), np.uint16)
    first[0, 0], first[1, 1] = 65535, 300
    cv2.imwritemulti(str(tmp_path / "pages.tif"), [first, first[::-1]])

    pages = [read_pixels(tmp_path / "pages.tif", page) for page in (0, 1)]

    assert np.array_equal(pages[0], pages[1][::-1])
    assert not np.array_equal(pages[0], pages[1])


@pytest.mark.parametrize("reduced", [0, 1])
def test_smaller_copies_behind_a_tiff_are_no_pages(tmp_path: Path, reduced: int) -> None:
    """As pyramids of microscopes have them."""
    whole, smaller = Image.fromarray(UPRIGHT), Image.fromarray(UPRIGHT[::2, ::2])
    smaller.encoderinfo = {"tiffinfo": {254: reduced}}
    whole.save(tmp_path / "a.tif", save_all=True, append_images=[smaller])

    assert page_count(tmp_path / "a.tif") == 2 - reduced
    if reduced:
        assert np.array_equal(read_pixels(tmp_path / "a.tif"), UPRIGHT)
