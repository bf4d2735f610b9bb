"""Labels with the paths of another computer, whose folders are not here."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

PAIR = Scheme("pair", ("one", "two"))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """And the only image of its name beside the labels."""
    picture(tmp_path / "labels" / "001.png", 0)
    with Project.create(tmp_path / "pairs", PAIR) as made:
        yield made


def picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (60, 50, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


def table(folder: Path, *names: str) -> Path:
    rows = ["image,annotator,one_x,one_y,two_x,two_y"]
    rows += [f"{name},ann,{3 + n},5,20,30" for n, name in enumerate(names)]
    target = folder / "labels.csv"
    target.write_text("\n".join(rows) + "\n")
    return target


def coco(folder: Path, *names: str) -> Path:
    content = {
        "images": [
            {"id": n, "file_name": name, "width": 50, "height": 60} for n, name in enumerate(names)
        ],
        "categories": [{"id": 1, "name": "pair", "keypoints": list(PAIR.landmarks)}],
        "annotations": [
            {"id": n, "image_id": n, "category_id": 1, "keypoints": [3 + n, 5, 2, 20, 30, 2]}
            for n in range(len(names))
        ],
    }
    target = folder / "labels.json"
    target.write_text(json.dumps(content))
    return target


@pytest.mark.parametrize("write", [table, coco])
def test_two_images_of_one_name_are_not_taken_for_the_only_one_here(
    project: Project, tmp_path: Path, write
) -> None:
    """The labels of both lay on one image, and nothing was said."""
    labels = write(tmp_path / "labels", r"D:\a\001.png", r"D:\b\001.png")
    with pytest.raises(FormatError) as caught:
        import_labels(project, labels, who="lead")
    assert r"D:\a\001.png and D:\b\001.png are two images" in caught.value.happened
    assert f"folders a and b in {tmp_path / 'labels'}, or" in caught.value.remedy
    with pytest.raises(FormatError, match="are two images"):
        import_proposals(project, labels, who="lead")
    assert project.instances() == []


def test_they_are_to_be_put_where_they_are_looked_for(project: Project, tmp_path: Path) -> None:
    """Beside the labels nobody looks where another folder was said."""
    labels = table(tmp_path, r"D:\a\001.png", r"D:\b\001.png")
    with pytest.raises(FormatError) as caught:
        import_labels(project, labels, images=tmp_path / "labels", who="lead")
    assert f"folders a and b in {tmp_path / 'labels'}, or" in caught.value.remedy


@pytest.mark.parametrize("write", [table, coco])
def test_of_a_long_file_nothing_comes_in_where_two_images_collapse_at_its_end(
    project: Project, tmp_path: Path, write
) -> None:
    """What came before them, some hundred at a time, stayed in the project."""
    many = [r"D:\a\001.png"] * 200
    labels = write(tmp_path / "labels", *many, r"D:\b\001.png")
    for bring_in in (import_labels, import_proposals):
        with pytest.raises(FormatError, match="are two images") as caught:
            bring_in(project, labels, who="lead")
        assert caught.value.kept == "Nothing was imported."
    assert project.instances() == []
    assert project.images() == []


@pytest.mark.parametrize("write", [table, coco])
def test_where_their_folders_are_here_each_is_its_own(
    project: Project, tmp_path: Path, write
) -> None:
    labels = write(tmp_path / "labels", r"D:\a\001.png", r"D:\b\001.png")
    for seed, folder in enumerate("ab", 1):
        picture(tmp_path / "labels" / folder / "001.png", seed)
    assert import_labels(project, labels, who="lead").added == 2
    assert len(project.images()) == 2


@pytest.mark.parametrize(
    "names", [(r"C:\ann\set\001.png", "/home/bob/set/001.png"), (r"D:\a\001.png", r"D:\a\001.png")]
)
def test_the_same_folder_on_two_computers_is_one(
    project: Project, tmp_path: Path, names: tuple[str, ...]
) -> None:
    assert import_labels(project, table(tmp_path / "labels", *names), who="lead").added == 2
    assert len(project.images()) == 1


def test_another_import_knows_nothing_of_the_one_before(project: Project, tmp_path: Path) -> None:
    for name in (r"D:\a\001.png", r"D:\b\001.png"):
        import_labels(project, table(tmp_path / "labels", name), who="lead")
    assert len(project.images()) == 1
