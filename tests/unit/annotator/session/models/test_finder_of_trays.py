"""When a finder is trained where an image holds many objects, and on which of the images."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.models import finder_training
from landmark_annotator.annotator.session.models.finder_training import (
    finder_due,
    in_the_middle,
    train_project_finder,
)
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledImage, Scheme, Shape

EACH = 4


@pytest.fixture
def trays(tmp_path: Path) -> Iterator[Project]:
    """Of two all objects are labelled, of a third one nobody has begun."""
    with Project.create(tmp_path / "trays", Scheme("seed", ("left", "right"))) as project:
        for number in range(3):
            path = tmp_path / f"{number}.png"
            Image.fromarray(np.full((40, 120, 3), 10 * number, np.uint8)).save(path)
            project.add_image(path, examine(path))
        for number in range(2):
            label(project, number, EACH)
        yield project


def label(project: Project, number: int, count: int, who: str = "ada") -> None:
    """So many more objects of the image, one after the other."""
    image = project.images()[number]
    for _ in range(count):
        x = 15.0 + 25 * len(project.instances_of(image.id))
        shape = Shape(np.array([[x - 8, 20.0], [x + 8, 20.0]]))
        own = project.add_instance(image.id, Box(x, 20.0, 22.0, 20.0), who=who)
        project.accept(own.id, shape, who=who)


def test_it_is_due_once_a_dozen_objects_are_labelled_in_three(trays: Project) -> None:
    assert not finder_due(trays)
    label(trays, 2, EACH)
    assert finder_due(trays)


def test_nobody_waits_for_it_in_the_middle_of_an_image(trays: Project) -> None:
    """What nobody has come to would be learned as what is no object."""
    for _ in range(2):
        label(trays, 1, EACH)  # twelve with these
    label(trays, 2, 1)
    assert in_the_middle(trays) == {trays.images()[2].id}
    assert not finder_due(trays)


def test_each_person_may_be_in_the_middle_of_one(trays: Project) -> None:
    label(trays, 2, 1, who="bob")
    assert in_the_middle(trays) == {trays.images()[2].id}
    label(trays, 0, 1, who="ada")
    assert in_the_middle(trays) == {trays.images()[2].id}
    label(trays, 2, EACH, who="bob")
    assert in_the_middle(trays) == set()


def test_where_each_image_has_one_object_none_is_in_the_middle(project: Project) -> None:
    assert in_the_middle(project) == set()


def test_it_does_not_learn_from_the_image_in_the_middle_of_which_somebody_is(
    trays: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[str] = []

    def train(images: Sequence[LabelledImage], *_: object) -> dict[str, object]:
        learned.extend(image.key for image in images)
        return {"instances": {"training": 2, "held_out": 0}, "figures": {}}

    monkeypatch.setattr(finder_training, "train_finder", lambda: train)
    label(trays, 2, 1)
    train_project_finder(trays, {}, SILENT, "ada")
    assert len(learned) == 2
