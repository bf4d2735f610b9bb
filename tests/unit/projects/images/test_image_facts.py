import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.images import ImageFacts, examine, sha256_of, upright_size
from landmark_annotator.projects.vocabulary.errors import ImageError


def test_size_is_that_of_the_upright_image(tmp_path: Path) -> None:
    image = Image.fromarray(np.zeros((20, 30, 3), dtype=np.uint8))
    exif = image.getexif()
    exif[274] = 6
    image.save(tmp_path / "a.jpg", exif=exif)

    facts = examine(tmp_path / "a.jpg")

    assert (facts.width, facts.height) == (20, 30)


def test_hash_is_of_the_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (3, 2)).save(path)

    assert examine(path) == ImageFacts(3, 2, hashlib.sha256(path.read_bytes()).hexdigest())


def test_hash_of_a_missing_file_is_an_image_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="There is no image"):
        sha256_of(tmp_path / "a.png")


def test_an_untouched_photograph(landmark_data: Path) -> None:
    facts = examine(landmark_data / "faces68" / "originals" / "2983659924_1.jpg")

    with Image.open(landmark_data / "faces68" / "originals" / "2983659924_1.jpg") as image:
        assert {facts.width, facts.height} == set(image.size)


def test_the_upright_size_is_known_from_the_header_alone(tmp_path: Path) -> None:
    image = Image.effect_noise((30, 20), 99)
    exif = image.getexif()
    exif[274] = 8
    image.save(tmp_path / "a.jpg", exif=exif)
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:-60])

    assert upright_size(tmp_path / "a.jpg") == (20, 30)


def test_the_size_of_what_is_no_image(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no image")

    with pytest.raises(ImageError, match="not an image"):
        upright_size(tmp_path / "a.png")
