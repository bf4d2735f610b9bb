"""Which images and which objects are meant by rows of a list."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.exclusion_choice import to_restore, whole_images
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project, QueueRow
from landmark_annotator.projects.store.same_objects import LABEL_STANDS
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

BOX = Box(40.0, 30.0, 20.0, 20.0)


def row(instance: int, image: int, excluded: str | None = None) -> QueueRow:
    return QueueRow(instance, image, f"{image}.jpg", "untouched", None, excluded)


ROWS = [row(1, 10), row(2, 11), row(3, 11), row(4, 12), row(5, 12, "dark")]


def test_an_image_whose_only_object_is_chosen_goes_whole() -> None:
    assert whole_images(ROWS, [1]) == ([10], [])


def test_one_of_several_objects_goes_alone() -> None:
    assert whole_images(ROWS, [3]) == ([], [3])


def test_all_objects_take_their_image_along() -> None:
    assert whole_images(ROWS, [3, 1, 2]) == ([10, 11], [])


def test_objects_that_are_out_already_do_not_count() -> None:
    assert whole_images(ROWS, [4, 5]) == ([12], [])
    assert whole_images(ROWS, [5]) == ([], [])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An image of one object that two people have labelled, and one of two objects."""
    with Project.create(tmp_path / "dots", Scheme("dot", ("dot",))) as made:
        for name in ("a", "b"):
            image = made.add_image(tmp_path / f"{name}.png", ImageFacts(80, 60, name)).id
            for who in ("ada", "bob"):
                made.add_instance(image, BOX, shape=Shape(np.ones((1, 2))), who=who)
        yield made


def test_what_is_restored_comes_with_its_image(project: Project) -> None:
    project.exclude(images=[1], instances=[1], why="dark", who="lea")
    assert to_restore(project, [1]) == ([1], [1])


def test_what_counts_is_not_restored(project: Project) -> None:
    project.exclude(images=[1], why="dark", who="lea")
    assert to_restore(project, [3, 4]) == ([], [])


def test_an_image_comes_back_without_the_label_that_gives_way_to_another(project: Project) -> None:
    """Both counted then, though a lead had let one of them stand."""
    project.let_stand([(1, 2)], why=f"ada{LABEL_STANDS}", who="lea")
    project.exclude(images=[1], why="dark", who="lea")
    images, instances = to_restore(project, [1, 2])
    project.restore(images=images, instances=instances, who="lea")
    assert [record.id for record in project.instances_of(1)] == [1]


def test_the_label_that_gives_way_comes_back_where_it_is_chosen_itself(project: Project) -> None:
    project.let_stand([(1, 2)], why=f"ada{LABEL_STANDS}", who="lea")
    assert to_restore(project, [2]).instances == [2]
