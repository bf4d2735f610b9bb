"""Masks that somebody has drawn keep others from leaving out their image, as landmarks do."""

from pathlib import Path

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project, Role
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from tests.postgres_server import Server

DATABASE = "rights_on_masks"
SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"),))
ROLES = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}


def test_an_annotator_excludes_no_image_in_which_another_has_drawn_masks(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", SCHEME) as project:
        image = project.add_image(tmp_path / "a.png", kites.Facts("a"))
        face = project.add_instance(image.id, Box(30, 30, 40, 40), who="ada")
        for name, role in ROLES.items():
            project.set_person(name, role, who="ada")
        hair = RegionMask(Mask.of(np.ones((10, 30), dtype=bool), 15, 5))
        project.set_masks(face.id, {"hair": hair}, title="draw hair", who="ann")
        project.give_back([image.id], who="ann")

        with pytest.raises(NotAllowed, match="has labels of ann"):
            project.exclude(images=[image.id], why="blurred", who="bob")
        project.exclude(images=[image.id], why="blurred", who="rev")
        project.restore(images=[image.id], who="rev")
        project.exclude(images=[image.id], why="blurred", who="ann")


def test_neither_does_the_server(new_kite: InstanceRecord, postgres: Server) -> None:
    mask = f"INSERT INTO masks VALUES ({new_kite.id}, 0, 'x', 'drawn', 'ann')"  # noqa: S608
    out = "UPDATE images SET excluded_why = 'blurred', excluded_by = '{0}' WHERE id = {1}"
    postgres.run(mask, DATABASE, "ann")

    with pytest.raises(RuntimeError, match="somebody else has labels here"):
        postgres.run(out.format("bob", new_kite.image_id), DATABASE, "bob")
    postgres.run(out.format("ann", new_kite.image_id), DATABASE, "ann")
