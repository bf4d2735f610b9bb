"""A second import brings masks to what is in the project already, as one step for undo."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import (
    Box,
    Mask,
    MaskProvenance,
    Region,
    RegionMask,
    Scheme,
    Shape,
)

SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"), Region("skin")))
POINTS = np.array([[30.0, 30.0], [31.0, 42.0]])
HAIR = Mask.of(np.ones((10, 30), dtype=bool), 15, 5)
SKIN = Mask.of(np.ones((20, 30), dtype=bool), 15, 10)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"face{n}.png" for n in range(2)]
    for n, path in enumerate(paths):
        Image.fromarray(np.full((50, 60, 3), 90 + n, dtype=np.uint8)).save(path)
    return paths


def made(folder: Path, pictures: list[Path], points: np.ndarray = POINTS, **masks: Mask) -> Project:
    """A face on each picture, accepted, with these masks."""
    project = Project.create(folder, SCHEME)
    given = {name: RegionMask(mask) for name, mask in masks.items()}
    for path in pictures:
        image = project.add_image(path, examine(path))
        project.add_instance(
            image.id, Box(30, 30, 40, 40), shape=Shape(points), masks=given, who="ada"
        )
    return project


@pytest.fixture
def file(tmp_path: Path, pictures: list[Path]) -> Path:
    """The same faces in a file, with masks of hair and skin."""
    with made(tmp_path / "from", pictures, hair=HAIR, skin=SKIN - HAIR) as source:
        export_labels(source, tmp_path / "faces.json", format="coco")
    return tmp_path / "faces.json"


@pytest.fixture
def bare(tmp_path: Path, pictures: list[Path]) -> Iterator[Project]:
    with made(tmp_path / "to", pictures) as project:
        yield project


def masks(project: Project) -> list[dict[str, Mask]]:
    ids = [record.id for record in project.instances()]
    return [{name: one.mask for name, one in project.masks(i).items()} for i in ids]


def test_masks_come_to_the_shapes_that_are_there(bare: Project, file: Path) -> None:
    report = import_labels(bare, file, who="bob")

    assert (report.masked, report.added, report.unchanged) == (2, 0, 0)
    assert masks(bare) == [{"hair": HAIR, "skin": SKIN - HAIR}] * 2
    assert bare.count_of(InstanceState.ACCEPTED) == 2
    [first, *_] = bare.instances()
    assert bare.masks(first.id)["hair"].provenance is MaskProvenance.IMPORTED


def test_all_that_came_at_once_is_one_step_for_undo_and_redo(bare: Project, file: Path) -> None:
    import_labels(bare, file, who="bob")

    bare.undo("bob")
    assert masks(bare) == [{}, {}]
    assert bare.undoable("bob") is None
    bare.redo("bob")
    assert masks(bare) == [{"hair": HAIR, "skin": SKIN - HAIR}] * 2


def test_a_lead_brings_masks_that_another_drew_and_it_is_the_leads_step(
    bare: Project, file: Path
) -> None:
    for name, role in (("bob", Role.LEAD), ("ada", Role.ANNOTATOR)):
        bare.set_person(name, role, who="bob")
    report = import_labels(bare, file, who="ada", by="bob")

    assert report.masked == 2
    assert bare.undoable("ada") is None
    bare.undo("bob")
    assert masks(bare) == [{}, {}]


def test_masks_leave_together_again(tmp_path: Path, bare: Project, file: Path) -> None:
    """Those of each instance were asked for alone, which on a server is a way there and back."""
    import_labels(bare, file, who="bob")
    said: list[str] = []
    driver = bare._database.connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(said.append)
    export_labels(bare, tmp_path / "again.json", format="coco")
    driver.set_trace_callback(None)
    assert sum("FROM masks" in each and "masks.instance_id IN" in each for each in said) == 1
    with Project.create(tmp_path / "third", SCHEME) as third:
        import_labels(third, tmp_path / "again.json", who="bob")
        assert [bare.masks(i.id).keys() for i in bare.instances()] == [
            third.masks(i.id).keys() for i in third.instances()
        ]


def test_the_same_file_brings_nothing_a_second_time(bare: Project, file: Path) -> None:
    import_labels(bare, file, who="bob")
    report = import_labels(bare, file, who="bob")

    assert (report.masked, report.added, report.unchanged) == (0, 0, 2)


def test_what_somebody_has_drawn_stays_and_loses_no_pixel(bare: Project, file: Path) -> None:
    [first, _] = bare.instances()
    drawn = Mask.of(np.ones((3, 30), dtype=bool), 15, 8)
    bare.set_masks(first.id, {"skin": RegionMask(drawn)}, title="brush", who="ada")
    import_labels(bare, file, who="bob")

    assert masks(bare)[0] == {"hair": HAIR - drawn, "skin": drawn}


def test_a_dry_run_says_it_and_writes_nothing(bare: Project, file: Path) -> None:
    before = list(bare.journal())
    report = import_labels(bare, file, who="bob", dry_run=True)

    assert report.masked == 2
    assert masks(bare) == [{}, {}]
    assert list(bare.journal()) == before


def test_a_shape_that_was_moved_since_stays_and_gets_its_masks(
    tmp_path: Path, pictures: list[Path], file: Path
) -> None:
    with Project.create(tmp_path / "to", SCHEME) as project:
        # From a file of the same entries without masks.
        with made(tmp_path / "plain", pictures) as plain:
            export_labels(plain, tmp_path / "plain.json", format="coco")
        import_labels(project, tmp_path / "plain.json", who="bob")
        [first, _] = project.instances()
        project.place(first.id, 0, (33.0, 33.0), who="ada")
        text = file.read_text().replace("from#", "plain#")
        file.write_text(text)
        report = import_labels(project, file, who="bob")

        assert report.masked == 2
        assert report.differing == 1
        assert project.shape(first.id).points[0].tolist() == [33.0, 33.0]


def test_masks_alone_go_to_the_object_that_they_lie_on_most(
    tmp_path: Path, pictures: list[Path]
) -> None:
    image = {"id": 1, "file_name": "face0.png", "width": 60, "height": 50}
    polygon = [5, 38, 11, 38, 11, 44, 5, 44]
    mask = {"id": 1, "image_id": 1, "category_id": 7, "segmentation": [polygon]}
    content = {"images": [image], "categories": [{"id": 7, "name": "hair"}], "annotations": [mask]}
    (tmp_path / "others.json").write_text(json.dumps(content))
    with made(tmp_path / "to", pictures[:1]) as project:
        [first] = project.instances()
        other = project.add_instance(first.image_id, Box(8, 40, 10, 10), shape=None, who="ada")
        report = import_labels(project, tmp_path / "others.json", who="bob")

        assert (report.masked, report.added) == (1, 0)
        assert project.masks(first.id) == {}
        assert project.masks(other.id)["hair"].mask.bounds == (5, 38, 6, 6)
