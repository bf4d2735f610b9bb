"""Accepted objects to compare with."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.labelling.examples import examples
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Assignment, Project, Role
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("pair", ("first", "second"))
BOX = Box(40.0, 30.0, 40.0, 40.0, angle=0.3)
SPOT = np.array([48.0, 24.0])


def add(
    project: Project, folder: Path, number: int, marks: list[Provenance | None], who: str = "x"
) -> int:
    """An image with one white pixel where the first landmark is."""
    path = folder / f"{number}.png"
    pixels = np.full((60, 80, 3), number, dtype=np.uint8)
    pixels[int(SPOT[1]) - 1 : int(SPOT[1]) + 2, int(SPOT[0]) - 1 : int(SPOT[0]) + 2] = 255
    Image.fromarray(pixels).save(path)
    image = project.add_image(path, examine(path))
    shape = Shape(np.array([SPOT, [30.0, 40.0]]), provenance=marks)
    project.add_instance(image.id, BOX, shape=shape, who=who)
    return image.id


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", SCHEME)


def test_a_landmark_lies_in_the_picture_where_it_lies_in_the_image(
    project: Project, tmp_path: Path
) -> None:
    with project:
        image = add(project, tmp_path, 1, [Provenance.CLICKED, Provenance.CLICKED])
        (found,) = examples(project.folder, "ada")
    assert (found.image_id, found.name) == (image, "1.png")
    x, y = found.points[0].round().astype(int)
    assert found.picture[y, x].min() > 200
    assert found.picture[y + 60, x].max() < 10


def test_what_nobody_has_placed_is_no_example(project: Project, tmp_path: Path) -> None:
    with project:
        add(project, tmp_path, 1, [Provenance.IMPORTED, Provenance.INFERRED])
        (found,) = examples(project.folder, "ada")
    assert np.isfinite(found.points[0]).all()
    assert np.isnan(found.points[1]).all()


def test_they_are_spread_over_all_that_is_accepted(project: Project, tmp_path: Path) -> None:
    with project:
        images = [add(project, tmp_path, n, [Provenance.CLICKED] * 2) for n in range(30)]
        found = [each.image_id for each in examples(project.folder, "ada")]
    assert (found[0], found[-1], len(found)) == (images[0], images[-1], 8)


def test_an_image_that_is_gone_is_passed_over(project: Project, tmp_path: Path) -> None:
    with project:
        for number in range(2):
            add(project, tmp_path, number, [Provenance.CLICKED] * 2)
        (tmp_path / "0.png").unlink()
        assert [each.name for each in examples(project.folder, "ada")] == ["1.png"]


def test_without_labels_there_are_none(project: Project) -> None:
    with project:
        assert examples(project.folder, "ada") == []


def test_what_two_people_label_is_no_example_for_who_has_not_labelled_it(
    project: Project, tmp_path: Path
) -> None:
    with project:
        for name, role in (("lea", Role.LEAD), ("ada", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
            project.set_person(name, role, who="lea")
        image = add(project, tmp_path, 1, [Provenance.CLICKED] * 2, who="bob")
        project.set_assignment(Assignment(twice=1.0), who="lea")
        assert examples(project.folder, "ada") == []
        assert [each.image_id for each in examples(project.folder, "bob")] == [image]
