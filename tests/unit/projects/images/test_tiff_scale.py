"""What a pixel measures, read from the TIFF files of microscopes."""

from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from landmark_annotator.projects.images import Frame, examine

DESCRIPTION, ACROSS, DOWN, UNIT = 270, 282, 283, 296
OME = '<?xml version="1.0"?><OME xmlns="ome"><Image><Pixels SizeX="8" SizeY="6" {}/></Image></OME>'


def tiff(path: Path, said: str | bytes, across: float = 1.0, down: float | None = None) -> Path:
    tags = ImageFileDirectory_v2()
    tags[DESCRIPTION] = said
    tags[ACROSS] = IFDRational(across)
    tags[DOWN] = IFDRational(across if down is None else down)
    tags[UNIT] = 1
    Image.new("L", (8, 6), 90).save(path, tiffinfo=tags)
    return path


@pytest.mark.parametrize(
    ("unit", "size"),
    [("micron", 0.0005), ("\\u00B5m", 0.0005), ("um", 0.0005), ("mm", 0.5), ("inch", 12.7)],
)
def test_imagej_says_how_many_pixels_a_unit_has(tmp_path: Path, unit: str, size: float) -> None:
    said = f"ImageJ=1.54f\nunit={unit}\nloop=false\n"
    assert examine(tiff(tmp_path / "a.tif", said, 2.0)).mm_per_pixel == pytest.approx(size)


def test_ome_says_how_large_a_pixel_is_in_micrometres_unless_it_names_a_unit(
    tmp_path: Path,
) -> None:
    plain = tiff(tmp_path / "a.ome.tif", OME.format('PhysicalSizeX="0.65" PhysicalSizeY="0.65"'))
    named = OME.format(
        'PhysicalSizeX="650" PhysicalSizeXUnit="nm" PhysicalSizeY="650" PhysicalSizeYUnit="nm"'
    )
    assert examine(plain).mm_per_pixel == pytest.approx(0.00065)
    assert examine(tiff(tmp_path / "b.tiff", named)).mm_per_pixel == pytest.approx(0.00065)


@pytest.mark.parametrize("unit", [b"\xc2\xb5m", b"\xce\xbcm", b"&#181;m", b"&#xB5;m", b"\xb5m"])
def test_ome_names_micrometres_as_bio_formats_and_others_write_them(
    tmp_path: Path, unit: bytes
) -> None:
    """UTF-8 by its standard; Latin-1 by programs that do not know better."""
    sizes = " ".join(
        f'PhysicalSize{axis}="0.65" PhysicalSize{axis}Unit="{unit.decode("latin-1")}"'
        for axis in "XY"
    )
    said = OME.format(sizes).encode("latin-1")
    assert examine(tiff(tmp_path / "a.ome.tif", said)).mm_per_pixel == pytest.approx(0.00065)


@pytest.mark.parametrize(
    "said",
    [
        "ImageJ=1.54f\nunit=pixel\n",
        "ImageJ=1.54f\n",
        "ImageJ=1.54f\nunit=sec\n",
        "a wing, 2 mm",
        OME.format('PhysicalSizeX="wide" PhysicalSizeY="0.65"'),
        OME.format('PhysicalSizeX="0.65"'),
        OME.format('PhysicalSizeX="0" PhysicalSizeY="0"'),
    ],
)
def test_what_does_not_say_it_is_not_guessed(tmp_path: Path, said: str) -> None:
    assert examine(tiff(tmp_path / "a.tif", said, 300.0)).mm_per_pixel is None


def test_pixels_that_are_not_square_have_no_size(tmp_path: Path) -> None:
    said = "ImageJ=1.54f\nunit=mm\n"
    assert examine(tiff(tmp_path / "a.tif", said, 10.0, 20.0)).mm_per_pixel is None


def test_dots_per_inch_say_nothing(tmp_path: Path) -> None:
    Image.new("L", (8, 6), 90).save(tmp_path / "a.tif", dpi=(300, 300))
    Image.new("L", (8, 6), 90).save(tmp_path / "a.png", dpi=(300, 300))
    assert examine(tmp_path / "a.tif").mm_per_pixel is None
    assert examine(tmp_path / "a.png").mm_per_pixel is None


def test_pages_measure_what_their_file_says_unless_they_are_smaller_copies(tmp_path: Path) -> None:
    page, copy = Image.new("L", (8, 6), 90), Image.new("L", (4, 3), 90)
    tags = ImageFileDirectory_v2()
    tags[DESCRIPTION] = OME.format('PhysicalSizeX="0.65" PhysicalSizeY="0.65"')
    file = tmp_path / "stack.ome.tif"
    page.save(file, tiffinfo=tags, save_all=True, append_images=[page, copy])
    assert [Frame(file, number).facts().mm_per_pixel for number in range(3)] == [
        pytest.approx(0.00065),
        pytest.approx(0.00065),
        None,
    ]
