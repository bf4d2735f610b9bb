"""What is seen of masks: people's, and what models propose beside them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.labelling.open_masks import OpenMasks
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme

HAIR, SKIN, HAT = Region("hair"), Region("skin"), Region("hat", overlaps=True)


def square(left: int, top: int, side: int) -> Mask:
    return Mask.of(np.ones((side, side), dtype=bool), left, top)


def test_what_a_person_gives_to_one_region_is_proposed_for_no_other(tmp_path: Path) -> None:
    path = tmp_path / "head.png"
    Image.new("RGB", (60, 60)).save(path)
    scheme = replace(Scheme("head", ("nose",)), regions=(HAIR, SKIN, HAT))
    with Project.create(tmp_path / "heads", scheme) as project:
        image = project.add_image(path, examine(path))
        head = project.add_instance(image.id, Box(30, 30, 50, 50), who="ada").id
        proposed = {"hair": square(0, 0, 8), "skin": square(10, 10, 30), "hat": square(5, 5, 30)}
        project.store_mask_proposal(head, proposed, model="parsing")
        drawn = {"hair": RegionMask(square(15, 15, 10))}
        project.set_masks(head, drawn, title="stroke", who="ada")
        masks = OpenMasks(project)
        masks.read(head, hidden=False)
    assert masks.of("hair") == square(15, 15, 10)
    assert masks.of("skin") == square(10, 10, 30) - square(15, 15, 10)
    assert masks.of("hat") == square(5, 5, 30), "it may lie on others"


def test_what_is_proposed_again_takes_the_place_of_proposals_alone(tmp_path: Path) -> None:
    path = tmp_path / "head.png"
    Image.new("RGB", (60, 60)).save(path)
    scheme = replace(Scheme("head", ("nose",)), regions=(HAIR, SKIN, HAT))
    with Project.create(tmp_path / "heads", scheme) as project:
        image = project.add_image(path, examine(path))
        head, other = (
            project.add_instance(image.id, Box(30, 30, 50, 50), who="ada").id for _ in range(2)
        )
        for number in (head, other):
            proposed = {"hair": square(0, 0, 8), "skin": square(10, 10, 30)}
            project.store_mask_proposal(number, proposed, model="parsing")
        drawn = {"hair": RegionMask(square(15, 15, 10))}
        project.set_masks(head, drawn, title="stroke", who="ada")
        masks = OpenMasks(project)
        masks.read(head, hidden=False)
        again = {"hair": square(1, 1, 5), "skin": square(12, 12, 30), "hat": square(0, 0, 9)}
        assert masks.propose_anew(again)
        masks.read(head, hidden=False)
        assert masks.of("hair") == square(15, 15, 10)
        assert masks.of("skin") == square(12, 12, 30) - square(15, 15, 10)
        assert not masks.of("hat"), "nothing was proposed for it"
        masks.read(other, hidden=False)
        assert masks.of("skin") == square(10, 10, 30)
