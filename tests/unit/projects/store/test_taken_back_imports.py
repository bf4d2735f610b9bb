"""Taking back an import of labels: all of it goes but what people have done something to since."""

from collections.abc import Callable

import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ImageRecord,
    InstanceState,
    LabelledInstance,
    Project,
    Role,
    Verdict,
)
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import Cancelled, NotAllowed, ProjectError
from tests.unit.projects.store import kites

WHOLE = Box.whole_image(100, 80)


class Stopped:
    """After so many steps."""

    def __init__(self, most: int) -> None:
        self.left = most

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.left -= steps

    def cancelled(self) -> bool:
        return self.left <= 0


@pytest.fixture
def images(add_image: Callable[[str], ImageRecord]) -> list[int]:
    return [add_image(f"{name}.png").id for name in "abc"]


def shape(shift: float = 0.0) -> Shape:
    return Shape(kites.POINTS + shift)


def brought(project: Project, name: str, objects: list[int], *, at: int = 0) -> tuple[int, ...]:
    """An object in each of these images. at: from which number on its sources are."""
    number = project.begin_import(name, who="ada")
    several = [
        LabelledInstance(image, kites.BOX, shape(n), f"{name}#{at + n}", "ada")
        for n, image in enumerate(objects)
    ]
    return number, *project.add_labelled(several, file=number)


def states(project: Project) -> list[tuple[int, str]]:
    """Of what counts: the image, and how far it is."""
    return [(one.image_id, one.state.value) for one in project.instances()]


def taken(project: Project, number: int, who: str = "ada") -> tuple[int, int]:
    done = project.take_back_import(number, who=who)
    return done.taken, done.stays


def test_it_leaves_one_object_an_image_that_waits(project: Project, images: list[int]) -> None:
    first, second, _ = images
    number, *ids = brought(project, "wrong.csv", [first, first, second])
    [told] = project.imports()
    assert (told.number, told.name, told.who, told.labels) == (number, "wrong.csv", "ada", 3)

    assert taken(project, number) == (3, 0)

    assert states(project) == [(first, "untouched"), (second, "untouched")]
    assert [project.instance(i).box for i in ids] == [None] * 3
    assert not any(project.shape(i).known.any() for i in ids)
    assert project.count_of(InstanceState.ACCEPTED) == 0
    assert list(content_findings(project)) == []


def test_it_is_a_step_for_undo_and_can_be_done_again(project: Project, images: list[int]) -> None:
    first, second, _ = images
    number, *ids = brought(project, "wrong.csv", [first, first, second])
    project.take_back_import(number, who="ada")
    assert project.titles("ada")[0] == "taking back of the import of wrong.csv"

    project.undo("ada")
    assert states(project) == [(first, "accepted"), (first, "accepted"), (second, "accepted")]
    assert [project.instance(i).box for i in ids] == [kites.BOX] * 3
    np.testing.assert_array_equal(project.shape(ids[1]).points, kites.POINTS + 1)
    assert project.undo("ada") is None

    project.redo("ada")
    assert states(project) == [(first, "untouched"), (second, "untouched")]
    project.undo("ada")
    assert [one.labels for one in project.imports()] == [3]
    assert taken(project, number) == (3, 0)
    assert project.imports() == []
    assert taken(project, number) == (0, 0)
    assert list(content_findings(project)) == []


CHANGES: dict[str, Callable[[Project, int], object]] = {
    "moved": lambda p, i: p.place(i, kites.TOP, (12.0, 13.0), who="ann"),
    "accepted": lambda p, i: p.accept(i, p.shape(i), who="ann"),
    "judged": lambda p, i: p.review(i, Verdict.ACCEPTED, who="rev"),
    "left out": lambda p, i: p.exclude(instances=[i], why="blurred", who="ann"),
    "given another box": lambda p, i: p.set_box(i, kites.BOX.moved((1.0, 0.0)), who="ann"),
    "labelled by a second one": lambda p, i: p.add_instance(
        p.instance(i).image_id, kites.BOX, second_opinion_on=i, shape=shape(9.0), who="ann"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_has_done_something_to_stays(
    project: Project, images: list[int], change: str
) -> None:
    number, changed, other = brought(project, "wrong.csv", images[:2])
    CHANGES[change](project, changed)
    before = project.instance(changed), project.shape(changed).points.tolist()

    assert taken(project, number) == (1, 1)

    assert (project.instance(changed), project.shape(changed).points.tolist()) == before
    assert project.instance(other).state is InstanceState.UNTOUCHED


def test_what_was_taken_back_is_nobodys_labels(project: Project, images: list[int]) -> None:
    number, label, other = brought(project, "wrong.csv", images[:2])
    project.take_back_import(number, who="ada")
    assert project.labellings() == {}
    project.accept(other, shape(3.0), who="ann")
    assert project.imports() == []
    assert taken(project, number) == (0, 0)
    assert {i: said.who for i, said in project.labellings([label, other]).items()} == {other: "ann"}
    project.undo("ada")
    assert project.labellings([label])[label].who == "ada"


def test_undo_leaves_what_was_labelled_since_and_the_steps_before_are_reached(
    project: Project, images: list[int]
) -> None:
    project.set_pixel_size(0.1, who="ada")
    number, *ids = brought(project, "wrong.csv", images)
    project.take_back_import(number, who="ada")
    project.accept(ids[0], shape(3.0), who="ann")
    project.set_box(ids[1], kites.BOX.moved((4.0, 0.0)), who="ann")

    project.undo("ada")

    np.testing.assert_array_equal(project.shape(ids[0]).points, kites.POINTS + 3)
    assert project.instance(ids[1]).box == kites.BOX.moved((4.0, 0.0))
    assert project.instance(ids[1]).state is InstanceState.UNTOUCHED
    np.testing.assert_array_equal(project.shape(ids[2]).points, kites.POINTS + 2)
    assert project.titles("ada")[0] == "size of a pixel of all images"
    project.redo("ada")
    assert project.instance(ids[2]).state is InstanceState.UNTOUCHED
    project.undo("ada")
    project.undo("ada")
    assert project.pixel_sizes().usual is None
    assert list(content_findings(project)) == []


def test_what_was_undone_or_only_flagged_goes(project: Project, images: list[int]) -> None:
    number, moved, flagged = brought(project, "wrong.csv", images[:2])
    project.place(moved, kites.TOP, (12.0, 13.0), who="ann")
    project.undo("ann")
    project.flag(flagged, "all of this is wrong", who="ann")
    assert taken(project, number) == (2, 0)
    assert project.flags()[flagged].comment == "all of this is wrong"


def test_further_objects_of_an_image_go_where_another_one_stays(
    project: Project, images: list[int]
) -> None:
    own = project.add_instance(images[0], kites.BOX, shape=shape(5.0), who="ann")
    number, *_ = brought(project, "wrong.csv", images[:2])
    assert taken(project, number) == (2, 0)
    assert states(project) == [(images[0], "accepted"), (images[1], "untouched")]
    np.testing.assert_array_equal(project.shape(own.id).points, kites.POINTS + 5)


@pytest.mark.parametrize("box", [None, WHOLE])
def test_what_was_filled_waits_again_as_it_did(
    project: Project, images: list[int], box: Box | None
) -> None:
    waiting = project.add_instance(images[0], box, who="ada")
    number = project.begin_import("wrong.csv", who="ada")
    project.fill_instance(waiting.id, kites.BOX, shape(), source="w#0", who="ann", file=number)
    assert taken(project, number) == (1, 0)
    assert project.instance(waiting.id).box == box
    assert states(project) == [(images[0], "untouched")]
    project.fill_instance(waiting.id, kites.BOX, shape(2.0), source="r#0", who="ann")
    assert states(project) == [(images[0], "accepted")]
    assert project.undo("ada") is None
    np.testing.assert_array_equal(project.shape(waiting.id).points, kites.POINTS + 2)


def test_an_import_is_taken_back_alone(project: Project, images: list[int]) -> None:
    first, *_ = brought(project, "right.csv", images[:1])
    second, *_ = brought(project, "wrong.csv", images[1:])
    assert [one.name for one in project.imports()] == ["wrong.csv", "right.csv"]
    assert taken(project, second) == (2, 0)
    assert states(project)[0] == (images[0], "accepted")
    assert taken(project, first) == (1, 0)


def test_a_number_that_is_none_is_told(project: Project, images: list[int]) -> None:
    project.add_instance(images[0], kites.BOX, shape=shape(), who="ada")
    assert project.imports() == []
    with pytest.raises(ProjectError, match="knows no import 7") as error:
        project.take_back_import(7, who="ada")
    assert "annotator imports" in error.value.remedy


def test_stopped_it_takes_nothing_back(project: Project, images: list[int]) -> None:
    number, *_ = brought(project, "wrong.csv", images)
    with pytest.raises(Cancelled):
        project.take_back_import(number, who="ada", progress=Stopped(2))
    assert {state for _, state in states(project)} == {"accepted"}


def test_only_a_lead_does_it(project: Project, images: list[int]) -> None:
    number, *_ = brought(project, "wrong.csv", images)
    for name, role in (("ada", Role.LEAD), ("rev", Role.REVIEWER), ("ann", Role.ANNOTATOR)):
        project.set_person(name, role, who="ada")
    for who in ("rev", "ann"):
        with pytest.raises(NotAllowed, match="cannot take back an import"):
            project.take_back_import(number, who=who)
        with pytest.raises(NotAllowed, match="cannot import labels"):
            project.begin_import("mine.csv", who=who)
    assert taken(project, number) == (3, 0)
