"""DICOM files that the tests write themselves."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import examine, read_pixels, upright_size
from landmark_annotator.projects.images.decoding import page_count
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ImageError


def write(path: Path, values: np.ndarray[Any, Any], **tags: Any) -> Path:
    """values: (height, width) of 16 bits, or (pages, height, width)."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    content = pydicom.Dataset()
    content.file_meta = meta
    content.SOPClassUID = meta.MediaStorageSOPClassUID
    content.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    content.Rows, content.Columns = values.shape[-2:]
    content.SamplesPerPixel = 1
    content.PhotometricInterpretation = "MONOCHROME2"
    content.BitsAllocated = content.BitsStored = 16
    content.HighBit, content.PixelRepresentation = 15, 0
    if values.ndim == 3:
        content.NumberOfFrames = len(values)
    for name, value in tags.items():
        setattr(content, name, value)
    content.PixelData = values.astype("<u2").tobytes()
    content.save_as(path, enforce_file_format=True)
    return path


RAMP = np.tile(np.arange(0, 4000, 100), (20, 1))


def test_grey_values_come_out_as_8_bits(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", RAMP)
    pixels = read_pixels(path)
    assert pixels.shape == (20, 40, 3)
    assert (pixels[0, 0, 0], pixels[0, -1, 0]) == (0, 255)
    assert (np.diff(pixels[0, :, 0].astype(int)) > 0).all()
    assert upright_size(path) == (40, 20)


def test_what_is_stored_dark_for_bright_is_turned_round(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", RAMP, PhotometricInterpretation="MONOCHROME1")
    assert read_pixels(path)[0, 0, 0] == 255


def test_the_devices_window_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", RAMP, WindowCenter=1000, WindowWidth=400)
    row = read_pixels(path)[0, :, 0]
    assert (row[7], row[13]) == (0, 255)


def test_pages_are_read_one_by_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", np.stack([RAMP, RAMP[:, ::-1]]))
    assert page_count(path) == 2
    assert read_pixels(path, 1)[0, 0, 0] == 255
    with pytest.raises(ImageError, match="has 2 pages"):
        read_pixels(path)


def test_a_damaged_file_is_an_image_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", RAMP)
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(ImageError):
        read_pixels(path)


def test_without_a_picture_it_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", RAMP)
    content = pydicom.dcmread(path)
    del content.PixelData
    content.save_as(path)
    with pytest.raises(ImageError, match="without a picture"):
        read_pixels(path)


def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.dcm", RAMP)
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(ImageError, match="one more package") as error:
        read_pixels(path)
    assert "[dicom]" in error.value.remedy


@pytest.mark.parametrize(
    ("tags", "millimetres"),
    [
        ({"PixelSpacing": [0.4, 0.4]}, 0.4),
        ({"ImagerPixelSpacing": [0.1, 0.1]}, 0.1),
        ({"PixelSpacing": [0.4, 0.4], "ImagerPixelSpacing": [0.5, 0.5]}, 0.4),
        ({"PixelSpacing": [0.4, 0.2]}, None),
        ({}, None),
    ],
)
def test_what_a_pixel_measures_is_what_the_device_says_of_square_ones(
    tmp_path: Path, tags: dict[str, Any], millimetres: float | None
) -> None:
    assert examine(write(tmp_path / "a.dcm", RAMP, **tags)).mm_per_pixel == millimetres


def test_an_import_takes_it_over_and_never_against_what_somebody_said(tmp_path: Path) -> None:
    folder = tmp_path / "photographs"
    folder.mkdir()
    write(folder / "a.dcm", RAMP, PixelSpacing=[0.4, 0.4])
    with Project.create(tmp_path / "p", Scheme("two", ("a", "b"))) as project:
        import_labels(project, folder, who="lea")
        (image,) = project.images()
        assert project.pixel_sizes().of(image.id) == 0.4
        project.set_pixel_size(0.3, images=[image.id], who="lea")
        import_labels(project, folder, who="lea")
        assert project.pixel_sizes().of(image.id) == 0.3
