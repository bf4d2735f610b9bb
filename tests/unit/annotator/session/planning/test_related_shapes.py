"""What an offer says of the curve where the labelled images are related."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.planning.named_formats import format_landmarks
from landmark_annotator.annotator.session.planning.offer import Offer, offer
from landmark_annotator.projects.budgets import Constraints
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import GroupRule, GroupsBy, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape

pytestmark = pytest.mark.usefixtures("few_judged")

LANDMARKS, ANIMALS, FRAMES = 12, 11, 5


@contextmanager
def worms(folder: Path, groups: Mapping[int, str]) -> Iterator[Project]:
    """groups: by the number of the image."""
    random = np.random.default_rng(0)
    scheme = Scheme("worm", tuple(f"segment {i}" for i in range(LANDMARKS)))
    animals = np.cumsum(random.normal(20, 8, (ANIMALS, LANDMARKS, 2)), axis=1) + 60
    with Project.create(folder, scheme) as project:
        names = {}
        for n in range(ANIMALS * FRAMES):
            image = project.add_image(folder / f"{n}.png", ImageFacts(400, 400, str(n)))
            points = animals[n // FRAMES] + random.normal(0, 0.2, (LANDMARKS, 2))
            box = Box.square_around(points)
            project.add_instance(image.id, box, shape=Shape(points), who="importer")
            if n in groups:
                names[image.id] = groups[n]
        project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="lea")
        yield project


def offered(folder: Path, groups: Mapping[int, str]) -> Offer:
    with worms(folder, groups) as project:
        return offer(project, progress=SILENT)


def test_the_spread_is_that_of_whole_groups(tmp_path: Path) -> None:
    alone = offered(tmp_path / "alone", {})
    related = {n: f"animal {n // FRAMES}" for n in range(ANIMALS * FRAMES)}
    found = offered(tmp_path / "related", related)
    assert alone.spread is not None
    assert found.spread is not None
    assert found.spread.deviation[:4].mean() > 1.2 * alone.spread.deviation[:4].mean()
    rough = "The 55 labelled shapes are of 11 groups of related images, fewer than the 12 landmarks"
    [note] = [note for note in found.notes if note.startswith(rough)]
    assert "seems to follow more closely than it does" in note
    assert not any(note.startswith(rough[:20]) for note in alone.notes)


def test_who_makes_a_plan_of_few_groups_is_told_so_too(tmp_path: Path) -> None:
    related = {n: f"animal {n // FRAMES}" for n in range(ANIMALS * FRAMES)}
    with worms(tmp_path / "related", related) as project:
        _, said = format_landmarks(project, "m3", Constraints())
    assert "Note: The 55 labelled shapes are of 11 groups of related images, fewer than" in said


def test_there_is_none_of_a_few_groups(tmp_path: Path) -> None:
    """A half of one animal in many frames and of some others says nothing of the rest."""
    many = dict.fromkeys(range(ANIMALS * FRAMES - 4), "one animal")
    assert offered(tmp_path / "few", many).spread is None
