"""Masks that somebody has drawn are labels as landmarks are: who may leave out their image, and to
whom it is offered."""

from collections.abc import Iterator
from pathlib import Path

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import Assignment, InstanceRecord, Project, Role
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from tests.postgres_server import Server

DATABASE = "rights_on_masks"
SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"),))
ROLES = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}


@pytest.fixture
def faces(tmp_path: Path) -> Iterator[tuple[Project, list[InstanceRecord]]]:
    """Two images with a face each, of which ann has drawn the hair of the first and gone on."""
    with Project.create(tmp_path / "p", SCHEME) as project:
        images = [project.add_image(tmp_path / f"{n}.png", kites.Facts(n)) for n in "ab"]
        two = [project.add_instance(image.id, Box(30, 30, 40, 40), who="ada") for image in images]
        for name, role in ROLES.items():
            project.set_person(name, role, who="ada")
        hair = RegionMask(Mask.of(np.ones((10, 30), dtype=bool), 15, 5))
        project.set_masks(two[0].id, {"hair": hair}, title="draw hair", who="ann")
        project.give_back([image.id for image in images], who="ann")
        yield project, two


def test_an_annotator_excludes_no_image_in_which_another_has_drawn_masks(
    faces: tuple[Project, list[InstanceRecord]],
) -> None:
    project, (face, _) = faces
    with pytest.raises(NotAllowed, match="has labels of ann"):
        project.exclude(images=[face.image_id], why="blurred", who="bob")
    project.exclude(images=[face.image_id], why="blurred", who="rev")
    project.restore(images=[face.image_id], who="rev")
    project.exclude(images=[face.image_id], why="blurred", who="ann")


def test_what_another_has_begun_by_masks_is_offered_last_and_on_no_sheet(
    faces: tuple[Project, list[InstanceRecord]],
) -> None:
    project, (begun, free) = faces
    assert [each.id for each in project.offered("bob", limit=2)] == [free.id, begun.id]
    assert [each.id for each in project.offered("ann", limit=2)] == [begun.id, free.id]
    assert [each.id for each in project.to_look_at(2, who="bob")] == [free.id]


def test_the_second_of_two_labellings_is_his_who_has_drawn_in_it(
    faces: tuple[Project, list[InstanceRecord]],
) -> None:
    """To others it is hidden, and nothing that they did to it would be taken."""
    project, (begun, free) = faces
    project.exclude(instances=[begun.id], why="not here", who="ada")
    project.set_person("zoe", Role.ANNOTATOR, who="ada")
    project.set_assignment(Assignment(twice=1.0), who="ada")
    project.accept(free.id, Shape(np.array([[30.0, 30.0], [31.0, 42.0]])), who="ann")
    [second] = [each for each in project.instances() if each.second_opinion_on == free.id]
    hair = RegionMask(Mask.of(np.ones((10, 30), dtype=bool), 15, 5))
    project.give_back([free.image_id], who="ann")
    assert [each.id for each in project.offered("zoe")] == [second.id]

    project.set_masks(second.id, {"hair": hair}, title="draw hair", who="bob")
    project.give_back([free.image_id], who="bob")

    assert [each.id for each in project.offered("bob")] == [second.id]
    assert project.offered("zoe") == []
    assert project.offered("ann") == []


def test_neither_does_the_server(new_kite: InstanceRecord, postgres: Server) -> None:
    mask = f"INSERT INTO masks VALUES ({new_kite.id}, 0, 'x', 'drawn', 'ann')"  # noqa: S608
    out = "UPDATE images SET excluded_why = 'blurred', excluded_by = '{0}' WHERE id = {1}"
    postgres.run(mask, DATABASE, "ann")

    with pytest.raises(RuntimeError, match="somebody else has labels here"):
        postgres.run(out.format("bob", new_kite.image_id), DATABASE, "bob")
    postgres.run(out.format("ann", new_kite.image_id), DATABASE, "ann")
