"""Looking for objects in the images of a project that have none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.protocols.datasets.photographs import TESTING
from landmark_annotator.annotator.protocols.datasets.photographs import photographs as faces_of
from landmark_annotator.annotator.session.finding import search
from landmark_annotator.annotator.session.finding.found_objects import (
    find_all,
    images_without_objects,
)
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.metrics.boxes import matched
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Found, Scheme

FOUND = [Found(Box(20, 20, 10, 10), 0.9), Found(Box(40, 20, 10, 10), 0.6)]


class SeesTwo:
    def find(self, pixels: object, threshold: float | None = None) -> list[Found]:
        return FOUND


@pytest.fixture
def photographs(tmp_path: Path) -> Iterator[Project]:
    """Three without any object; the first waits for a box."""
    with Project.create(tmp_path / "project", Scheme.named("face68")) as project:
        for number in range(3):
            path = tmp_path / f"{number}.png"
            Image.fromarray(np.full((48, 64, 3), number, np.uint8)).save(path)
            project.add_image(path, examine(path))
        project.add_instance(project.images()[0].id, None, who="import")
        yield project


@pytest.fixture
def _finder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(type(FINDER), "shipped", lambda self, scheme: tmp_path)
    monkeypatch.setattr(search, "load_finder", lambda folder, scheme, device: SeesTwo())


@pytest.mark.usefixtures("_finder")
def test_all_images_without_objects_are_looked_at_and_what_is_there_is_written(
    photographs: Project,
) -> None:
    photographs.add_instance(photographs.images()[2].id, Box(9, 9, 5, 5), who="ada")
    done = find_all(photographs, SILENT, who="ada")
    assert (done.images, done.objects, done.empty) == (2, 4, 0)
    boxes = [record.box for record in photographs.instances()]
    assert boxes == [FOUND[0].box, FOUND[1].box] * 2 + [Box(9, 9, 5, 5)]


@pytest.mark.usefixtures("_finder")
def test_an_image_whose_finds_were_thrown_out_is_not_looked_at_again(photographs: Project) -> None:
    find_all(photographs, SILENT, who="ada")
    of_first = [r.id for r in photographs.instances_of(photographs.images()[0].id)]
    photographs.exclude(instances=of_first, why="not an object", who="ada")
    assert images_without_objects(photographs).tolist() == []


@pytest.mark.usefixtures("_finder")
def test_finding_is_undone_image_by_image(photographs: Project) -> None:
    find_all(photographs, SILENT, who="ada")
    photographs.undo("ada")
    assert images_without_objects(photographs).tolist() == [photographs.images()[2].id]


@pytest.mark.usefixtures("_finder")
def test_an_image_that_goes_meanwhile_is_told_and_the_others_are_searched(
    photographs: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = photographs.images()[1].id
    still = type(photographs).some_images
    monkeypatch.setattr(
        type(photographs),
        "some_images",
        lambda own, ids: {i: r for i, r in still(own, ids).items() if i != gone},
    )
    done = find_all(photographs, SILENT, who="ada")
    assert (done.images, done.unreadable) == (2, [f"Image {gone} was removed meanwhile."])


def test_excluded_images_and_those_with_a_placed_landmark_are_not_searched(
    photographs: Project,
) -> None:
    first, second, third = (image.id for image in photographs.images())
    [waiting] = photographs.instances_of(first)
    photographs.place(waiting.id, 0, (3.0, 4.0), who="ada")
    photographs.exclude(images=[third], why="blurred", who="ada")
    assert images_without_objects(photographs).tolist() == [second]


def test_without_a_finder_nothing_is_found_and_the_reason_is_said(photographs: Project) -> None:
    done = find_all(photographs, SILENT, who="ada")
    assert (done.images, done.objects) == (0, 0)
    assert "dozen" in done.reason


def test_where_no_image_was_looked_at_none_is_told_to_be_without_objects(
    photographs: Project,
) -> None:
    done = find_all(photographs, SILENT, who="ada")
    assert done.sentence == "No image was looked at."


def test_where_every_object_is_in_one_place_no_finder_is_needed(project: Project) -> None:
    *labelled, bare, other = project.instances()
    for record in labelled:
        image = project.image(record.image_id)
        side = 0.6 * max(image.width, image.height)
        box = Box((image.width - 1) / 2, (image.height - 1) / 2, side, side)
        project.set_box(record.id, box, who="ada")
    for record in (bare, other):
        project.remove_instance(record.id)
    done = find_all(project, SILENT, who="ada")
    assert (done.images, done.objects) == (2, 2)
    image = project.image(bare.image_id)
    found = project.instances_of(image.id)[0].box
    assert found is not None
    assert found.side == pytest.approx(0.6 * max(image.width, image.height), rel=0.02)


@pytest.mark.usefixtures("shipped_weights", "landmark_data")
def test_a_face_in_a_photograph_that_lies_on_its_side_is_found(tmp_path: Path) -> None:
    [face] = faces_of(TESTING)[33:34]
    pixels = face.read_pixels()
    turned = np.ascontiguousarray(np.rot90(pixels))
    there = Box(
        face.box.centre_y, pixels.shape[1] - 1 - face.box.centre_x, face.box.height, face.box.width
    )
    Image.fromarray(turned).save(tmp_path / "turned.png")
    with Project.create(tmp_path / "project", Scheme.named("face68")) as project:
        project.add_image(tmp_path / "turned.png", examine(tmp_path / "turned.png"))
        find_all(project, SILENT, who="ada")
        boxes = [Found(each.box, 1.0) for each in project.instances() if each.box is not None]
    assert 0 in matched(boxes, [there], 0.4)
