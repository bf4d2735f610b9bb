"""Files that are matched with images by name never lead to an image that is not exported."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("triangle", ("top", "left", "right"))
NUMBERED = ["pts", "tem", "asf", "isbi", "napari", "imagej"]
BY_NAME = [*NUMBERED, "openpose", "slicer"]
Told = dict[str, list[float]]


class Photographs:
    """A folder of them, with so many labelled objects each."""

    def __init__(self, folder: Path, objects: dict[str, int]) -> None:
        self.folder, self._next = folder, 0
        self.project = Project.create(folder.parent / "project", SCHEME)
        for name, count in objects.items():
            self.add(name, count)

    def add(self, name: str, objects: int) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.full((50, 60, 3), len(self.project.images()), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        image = self.project.add_image(path, examine(path))
        for number in range(objects):
            self._next += 1
            shape = Shape([[float(self._next), 5.0], [30.0, 5.0], [20.0, 40.0]])
            key = f"{name} {number}"
            self.project.add_instance(
                image.id, Box(25, 25, 50, 50), source=key, shape=shape, who="ada"
            )

    def told(self, project: Project) -> Told:
        """The x of the first landmark of each object, by the image's name below the folder."""
        found: Told = {}
        for record, shape in project.shapes():
            path = project.image(record.image_id).path
            name = path.relative_to(self.folder).as_posix()
            found.setdefault(name, []).append(float(shape.points[0, 0]))
        return {name: sorted(xs) for name, xs in found.items()}

    def back(self, exports: list[Path], format: str) -> Told:
        with Project.create(self.folder.parent / "other", SCHEME) as other:
            for export in exports:
                report = import_labels(other, export, who="ben", format=format, images=self.folder)
                assert report.unreadable == []
            return self.told(other)


@pytest.mark.parametrize("format", NUMBERED)
def test_a_numbered_file_is_not_the_one_of_an_image_without_labels(
    tmp_path: Path, format: str
) -> None:
    made = Photographs(tmp_path / "photos", {"leaf.png": 2, "leaf_1.png": 0, "leaf_3.png": 0})

    export_labels(made.project, tmp_path / "out", format=format)

    assert (
        made.back([tmp_path / "out"], format) == made.told(made.project) == {"leaf.png": [1.0, 2.0]}
    )


@pytest.mark.parametrize("format", NUMBERED)
def test_a_numbered_file_is_not_the_one_of_an_image_of_another_part(
    tmp_path: Path, format: str
) -> None:
    made = Photographs(tmp_path / "photos", {"leaf.png": 2, "leaf_1.png": 1})

    for image in made.project.images():
        target = tmp_path / image.path.stem
        export_labels(made.project, target, format=format, image_ids=[image.id])

    parts = [tmp_path / "leaf", tmp_path / "leaf_1"]
    assert made.back(parts, format) == made.told(made.project)


@pytest.mark.parametrize("format", BY_NAME)
def test_folders_are_those_below_the_one_of_all_images(tmp_path: Path, format: str) -> None:
    made = Photographs(tmp_path / "photos", {"leaf.png": 0, "day 2/leaf.png": 1, "day 2/b.png": 1})

    export_labels(made.project, tmp_path / "out", format=format)

    assert made.back([tmp_path / "out"], format) == made.told(made.project)


@pytest.mark.parametrize("format", BY_NAME)
def test_labels_beside_their_images_stay_there_wherever_others_are(
    tmp_path: Path, format: str
) -> None:
    made = Photographs(tmp_path / "photos", {"day 1/leaf.png": 1, "day 2/leaf.png": 0})
    folder = made.folder / "day 1"

    export_labels(made.project, folder, format=format)
    with Project.create(tmp_path / "other", SCHEME) as other:
        import_labels(other, folder, who="ben", format=format)

        assert made.told(other) == made.told(made.project)


def test_images_of_which_only_the_root_of_the_disk_holds_all_do_not_lengthen_names(
    tmp_path: Path,
) -> None:
    made = Photographs(tmp_path / "photos", {"leaf.png": 1})
    Image.new("RGB", (9, 9)).save(tmp_path / "b.png")
    made.project.add_image(Path("/elsewhere/b.png").absolute(), examine(tmp_path / "b.png"))

    export_labels(made.project, tmp_path / "out", format="pts")

    assert (tmp_path / "out" / "leaf.pts").is_file()
