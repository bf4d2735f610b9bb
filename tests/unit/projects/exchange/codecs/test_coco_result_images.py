"""Which image of a folder a COCO result is of, which names it by a number."""

import json
from pathlib import Path

from PIL import Image

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.entries import Contents
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("pair", ("one", "two"))


def test_a_number_that_several_images_have_is_that_of_none(tmp_path: Path) -> None:
    for name in ("cage1/0001.png", "cage2/0001.png", "cage2/0002.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30)).save(tmp_path / name)
    found = [{"image_id": n, "category_id": 1, "bbox": [1, 1, 9, 9], "score": 0.9} for n in (1, 2)]
    (tmp_path / "found.json").write_text(json.dumps(found))

    contents = by_name("coco-results").reader().read(tmp_path / "found.json", SCHEME)

    assert [each.image.name for each in contents.instances] == ["0002.png"]
    assert len(contents.unreadable) == 1
    assert "have the number 1:" in contents.notes[0]


def results_of(folder: Path, images: list[dict[str, object]], **category: object) -> Contents:
    """One keypoint result for each of the numbers 1 and 2. images: of the file that says which
    files these are."""
    names = {"id": 1, "name": "pair", "keypoints": list(SCHEME.landmarks)}
    content = {"images": images, "categories": [names, {"id": 2, "name": "car", **category}]}
    (folder / "images.json").write_text(json.dumps(content))
    found = [
        {"image_id": n, "category_id": 1, "keypoints": [1, 2, 0.9, 3, 4, 0.8], "score": 0.9}
        for n in (1, 2)
    ]
    (folder / "found.json").write_text(json.dumps(found))
    reader = by_name("coco-results").reader()
    return reader.read(folder / "found.json", SCHEME, images=folder / "images.json")


def test_a_number_of_the_file_that_several_images_have_is_that_of_none(tmp_path: Path) -> None:
    """They went to the last one."""
    numbers = [("a.png", 1), ("b.png", 1), ("c.png", 2)]

    contents = results_of(tmp_path, [{"id": n, "file_name": name} for name, n in numbers])

    assert [each.image.name for each in contents.instances] == ["c.png"]
    assert "image 1 is not known" in contents.unreadable[0].reason
    assert "have the number 1:" in contents.notes[0]


def test_a_category_of_the_file_without_keypoints_is_no_mistake(tmp_path: Path) -> None:
    images: list[dict[str, object]] = [{"id": n, "file_name": f"{n}.png"} for n in (1, 2)]

    contents = results_of(tmp_path, images, keypoints=[], skeleton=[])

    assert [each.image.name for each in contents.instances] == ["1.png", "2.png"]


def test_a_category_of_the_file_with_other_keypoints_refuses_only_its_own_results(
    tmp_path: Path,
) -> None:
    """All of the file was refused."""
    images: list[dict[str, object]] = [{"id": n, "file_name": f"{n}.png"} for n in (1, 2)]

    contents = results_of(tmp_path, images, keypoints=["left wheel", "right wheel", "roof"])

    assert [each.image.name for each in contents.instances] == ["1.png", "2.png"]
    results = json.loads((tmp_path / "found.json").read_text())
    results[0]["category_id"] = 2
    (tmp_path / "found.json").write_text(json.dumps(results))
    reader = by_name("coco-results").reader()
    again = reader.read(tmp_path / "found.json", SCHEME, images=tmp_path / "images.json")
    assert [each.image.name for each in again.instances] == ["2.png"]
    assert "other keypoints" in again.unreadable[0].reason
