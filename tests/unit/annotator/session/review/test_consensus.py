"""One shape from several people's labels."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.consensus import People, consensus, people_of
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]])
BOX = Box(50, 0, 120, 120)


def placed_by(
    deviations: list[float], objects: int = 80, habit: float = 2.0
) -> tuple[Floats, Floats]:
    """Where 3 landmarks are, (N, L, 2), and where people with these deviations place them."""
    random = np.random.default_rng(4)
    truths = random.normal(0, 50, (objects, 3, 2))
    habits = random.normal(0, habit, (len(deviations), 3, 2))
    habits -= habits.mean(axis=0)
    noise = random.normal(size=(objects, len(deviations), 3, 2))
    placed = truths[:, None] + habits + noise * np.array(deviations)[:, None, None]
    return truths, placed


def distance(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a - b, axis=-1).mean())


def test_the_steady_ones_weigh_more() -> None:
    truths, placed = placed_by([0.5, 2.0, 4.0])
    agreed = people_of("abc", placed).agreed(placed)
    assert distance(agreed, truths) < 0.6 * distance(placed.mean(axis=1), truths)


def test_how_steady_each_is_is_found() -> None:
    _, placed = placed_by([2.0, 3.0, 5.0], objects=400)
    found = people_of("abc", placed)
    deviations = np.sqrt(np.trace(found.covariances, axis1=-2, axis2=-1) / 2).mean(axis=1)
    assert deviations == pytest.approx([2.0, 3.0, 5.0], rel=0.2)


@pytest.mark.parametrize("objects", [1, 2, 3, 5])
@pytest.mark.parametrize("people", [2, 3])
def test_of_few_objects_nobody_is_told_to_be_steadier(objects: int, people: int) -> None:
    """Habits take a part of what people are apart away with them: of one object all of it, and the
    two were told to be steady to a tenth of a pixel."""
    random = np.random.default_rng(3)
    placed = random.normal(0, 50, (objects, 1, 400, 2))
    placed = placed + random.normal(0, 2, (objects, people, 400, 2))
    found = people_of("abc"[:people], placed)
    deviations = np.sqrt(np.trace(found.covariances, axis1=-2, axis2=-1) / 2)
    assert np.sqrt((deviations**2).mean()) == pytest.approx(2.0, rel=0.06)
    assert (found.habits == 0).all() == (objects == 1)


def test_of_two_people_it_is_halfway() -> None:
    """Nothing says which of two is the steadier one."""
    _, placed = placed_by([1.0, 3.0])
    assert people_of("ab", placed).agreed(placed) == pytest.approx(placed.mean(axis=1), abs=1e-6)


def test_who_missed_an_object_leaves_no_habit_in_it() -> None:
    truths, placed = placed_by([0.1, 0.1, 0.1], habit=10.0)
    placed[::2, 0] = np.nan
    agreed = people_of("abc", placed).agreed(placed)
    assert distance(agreed, truths) < 0.5 < distance(np.nanmean(placed, axis=1), truths)


def test_the_order_of_people_does_not_matter() -> None:
    _, placed = placed_by([0.5, 2.0, 4.0])
    turned = placed[:, ::-1]
    agreed = people_of("abc", placed).agreed(placed)
    assert people_of("cba", turned).agreed(turned) == pytest.approx(agreed)


def test_what_one_person_alone_has_placed_stays() -> None:
    people = People(("a", "b"), np.full((2, 1, 2), 3.0), np.tile(np.eye(2), (2, 1, 1, 1)))
    placed = np.array([[[7.0, 8.0]], [[np.nan, np.nan]]])
    assert people.agreed(placed) == pytest.approx(placed[0])


def test_what_nobody_has_placed_is_unknown() -> None:
    _, placed = placed_by([1.0, 1.0])
    placed[0, :, 1] = np.nan
    agreed = people_of("ab", placed).agreed(placed)
    assert np.isnan(agreed[0, 1]).all()
    assert np.isfinite(agreed[1:]).all()


facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", SCHEME) as project:
        for name in ("a", "b"):
            project.add_image(tmp_path / name, facts(name))
        yield project


def test_an_object_is_one_shape_and_its_other_labels_are_merged(project: Project) -> None:
    by = {
        who: project.add_instance(1, BOX, shape=Shape(POINTS + shift), who=who).id
        for who, shift in (("ada", 0.0), ("bob", 4.0))
    }
    alone = project.add_instance(2, BOX, shape=Shape(POINTS), who="ada").id
    found = consensus(project)
    assert found.shapes[by["ada"]].points == pytest.approx(POINTS + 2.0)
    assert found.merged == {by["bob"]}
    assert alone not in found.shapes


def test_it_is_hidden_where_most_say_so(project: Project) -> None:
    seen = [Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.VISIBLE]
    for who, visibility in (("ada", seen), ("bob", seen), ("cy", None)):
        project.add_instance(1, BOX, shape=Shape(POINTS, visibility), who=who)
    [shape] = consensus(project).shapes.values()
    assert list(shape.visibility) == seen


def test_what_they_say_is_absent_stays_absent(project: Project) -> None:
    image = project.images()[0].id
    without = Shape(
        np.array([POINTS[0], POINTS[1], [np.nan, np.nan]]),
        [Visibility.VISIBLE, Visibility.VISIBLE, Visibility.NOT_LABELLED],
        [Provenance.CLICKED] * 3,
    )
    far = BOX.moved((3.0, 0.0))
    first = project.add_instance(image, far, shape=without, who="ada").id
    project.add_instance(image, far, shape=without, who="ben")
    assert consensus(project).shapes[first].absent.tolist() == [False, False, True]


def test_without_two_people_it_says_what_to_do(project: Project) -> None:
    project.add_instance(1, BOX, shape=Shape(POINTS), who="ada")
    with pytest.raises(ActionableError, match="accepted labels of two people"):
        consensus(project)
