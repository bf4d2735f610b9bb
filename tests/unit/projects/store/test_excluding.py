"""Images and instances that were excluded: stored, and in no list and no count."""

from collections.abc import Callable
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

AddImage = Callable[[str], ImageRecord]


@pytest.fixture
def three(project: Project, add_image: AddImage) -> list[InstanceRecord]:
    """Accepted, in images a, b and b: flagged, reviewed and with clicks, all of them."""
    a, b = add_image("a"), add_image("b")
    found = []
    for image in (a, b, b):
        record = project.add_instance(image.id, kites.BOX, who="ada")
        project.place(record.id, kites.TOP, kites.POINTS[kites.TOP], who="ada", duration=1.0)
        project.accept(record.id, kites.ACCEPTED, who="ada")
        project.review(record.id, Verdict.ACCEPTED, who="bob")
        project.flag(record.id, "look", who="bob")
        found.append(project.instance(record.id))
    return found


READERS: dict[str, Callable[[Project], list[int]]] = {
    "instances": lambda p: [r.id for r in p.instances()],
    "shapes": lambda p: [r.id for r, _ in p.shapes()],
    "bare shapes": lambda p: [r.id for r, _ in p.shapes(None, bare=True)],
    "queue": lambda p: [row.instance_id for row in p.queue()],
    "of images": lambda p: [r.id for image in p.images() for r in p.instances_of(image.id)],
    "tally": lambda p: sorted(p.tally()),
    "clicks": lambda p: sorted(p.clicks()),
    "flags": lambda p: sorted(p.flags()),
    "reviews": lambda p: sorted(p.reviews()),
    "count": lambda p: list(range(1, 1 + p.instance_count())),
    "count of": lambda p: list(range(1, 1 + p.count_of(InstanceState.ACCEPTED))),
}
"""All that lists, counts or reads many; the counts as so many numbers from 1."""


@pytest.mark.parametrize("reader", READERS)
def test_an_excluded_instance_is_in_no_list_and_no_count(
    project: Project, three: list[InstanceRecord], reader: str
) -> None:
    assert READERS[reader](project) == [1, 2, 3]
    project.exclude(instances=[3], why="blurred", who="ada")
    assert READERS[reader](project) == [1, 2]


@pytest.mark.parametrize("reader", READERS)
def test_an_excluded_image_takes_its_instances_along(
    project: Project, three: list[InstanceRecord], reader: str
) -> None:
    project.exclude(images=[three[1].image_id], why="a drawing", who="ada")
    assert READERS[reader](project) == [1]


@pytest.mark.parametrize("reader", READERS)
def test_what_is_restored_counts_again(
    project: Project, three: list[InstanceRecord], reader: str
) -> None:
    project.exclude(images=[three[0].image_id], instances=[2], why="blurred", who="ada")
    project.restore(images=[three[0].image_id], instances=[2], who="bob")
    assert READERS[reader](project) == [1, 2, 3]


def test_it_does_not_wait_to_be_labelled(project: Project, add_image: AddImage) -> None:
    waiting = [project.add_instance(add_image(name).id, None, who="ada").id for name in "abc"]
    project.exclude(instances=waiting[1:2], why="empty", who="ada")
    assert [r.id for r in project.waiting(waiting[0], 3)] == [waiting[2]]


def test_a_shape_is_not_copied_from_it(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(instances=[2], why="blurred", who="ada")
    before = project.accepted_before(3, who="ada")
    assert before is not None
    assert before.id == 1


def test_images_are_left_out_of_the_images(project: Project, add_image: AddImage) -> None:
    a, b = add_image("a"), add_image("b")
    project.exclude(images=[a.id], why="twice", who="ada")
    assert [image.id for image in project.images()] == [b.id]
    assert [image.id for image in project.images(excluded=True)] == [a.id, b.id]


def test_who_asks_for_them_gets_them(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(images=[three[0].image_id], instances=[3], why="blurred", who="ada")
    assert [r.id for r in project.instances(excluded=True)] == [1, 2, 3]
    assert [row.excluded for row in project.queue(excluded=True)] == ["blurred", None, "blurred"]
    assert [r.id for r, _ in project.shapes(excluded=True)] == [1, 2, 3]


def test_the_record_says_who_and_why(project: Project, three: list[InstanceRecord]) -> None:
    [entry] = project.exclude(instances=[1], why=" blurred ", who="ada")
    excluded = project.instance(1).excluded
    assert excluded is not None
    assert (excluded.why, excluded.who, excluded.at) == ("blurred", "ada", entry.at)


def test_it_is_counted_by_reason(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(images=[three[1].image_id], instances=[2], why="no face", who="ada")
    project.exclude(instances=[1], why="blurred", who="ada")
    assert project.left_out() == [("blurred", 0, 1), ("no face", 1, 2)]


def test_its_labels_stay_stored(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(instances=[1], why="blurred", who="ada")
    assert project.shape(1) == kites.ACCEPTED
    assert project.instance(1).state is InstanceState.ACCEPTED


def test_it_keeps_the_reviewers_acceptance(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(instances=[1], why="blurred", who="ada")
    assert project.reviews(1)[1].verdict is Verdict.ACCEPTED


def test_spent_effort_is_never_refunded(project: Project, three: list[InstanceRecord]) -> None:
    before = project.spend()
    project.exclude(instances=[1], why="blurred", who="ada")
    assert project.spend() == before


def test_without_a_reason_nothing_is_excluded(
    project: Project, three: list[InstanceRecord]
) -> None:
    with pytest.raises(ProjectError, match="why something is missing"):
        project.exclude(instances=[1], why=" ", who="ada")
    assert project.instance_count() == 3


def test_one_that_does_not_exist_stops_all(project: Project, three: list[InstanceRecord]) -> None:
    with pytest.raises(ProjectError, match="no image 99"):
        project.exclude(images=[99], instances=[1], why="blurred", who="ada")
    assert project.instance_count() == 3


def test_several_are_one_step_for_undo(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(images=[three[0].image_id], instances=[2, 3], why="blurred", who="ada")
    undone = project.undo("ada")
    assert undone is not None
    assert undone.title == "exclusion of 1 image and 2 objects"
    assert project.instance_count() == 3


def test_redo_excludes_all_of_them_again(project: Project, three: list[InstanceRecord]) -> None:
    project.exclude(images=[three[0].image_id], instances=[2, 3], why="blurred", who="ada")
    before = project.queue(excluded=True)
    project.undo("ada")
    project.redo("ada")
    assert project.queue(excluded=True) == before


def test_a_restoration_is_undone_with_the_reason_of_then(
    project: Project, three: list[InstanceRecord]
) -> None:
    project.exclude(images=[three[0].image_id], why="blurred", who="ada")
    before = project.images(excluded=True)
    project.restore(images=[three[0].image_id], who="bob")
    project.undo("bob")
    assert project.images(excluded=True) == before


def test_what_was_labelled_meanwhile_stays_when_it_is_undone(
    project: Project, three: list[InstanceRecord]
) -> None:
    project.exclude(instances=[1], why="blurred", who="ada")
    moved = Shape(kites.POINTS + 1.0)
    project.accept(1, moved, who="bob")
    project.undo("ada")
    assert project.instance(1).excluded is None
    assert project.shape(1).points.tolist() == moved.points.tolist()


def test_undo_stops_where_somebody_else_decided_otherwise(
    project: Project, three: list[InstanceRecord]
) -> None:
    image = three[0].image_id
    project.exclude(images=[image], why="blurred", who="ada")
    project.restore(images=[image], who="bob")
    with pytest.raises(ProjectError, match=r"bob has changed the same image, a since"):
        project.undo("ada")


def test_excluding_again_keeps_the_first_reason(
    project: Project, three: list[InstanceRecord]
) -> None:
    project.exclude(instances=[1], why="blurred", who="ada")
    assert project.exclude(instances=[1, 1], why="dark", who="bob") == []
    excluded = project.instance(1).excluded
    assert excluded is not None
    assert excluded.why == "blurred"


def test_the_journal_names_every_one(project: Project, three: list[InstanceRecord]) -> None:
    image = three[0].image_id
    project.exclude(images=[image], instances=[2], why="blurred", who="ada")
    last = list(project.journal())[-2:]
    assert [(e.kind, e.image_id, e.instance_id) for e in last] == [
        (ActionKind.EXCLUDE, image, None),
        (ActionKind.EXCLUDE, None, 2),
    ]


def test_an_image_that_is_added_again_stays_excluded(project: Project, add_image: AddImage) -> None:
    image = add_image("a")
    project.exclude(images=[image.id], why="twice", who="ada")
    assert add_image("a").excluded is not None


def test_it_is_so_after_a_restart(
    project: Project, three: list[InstanceRecord], folder: Path
) -> None:
    project.exclude(images=[three[1].image_id], why="blurred", who="ada")
    project.close()
    with Project.open(folder) as again:
        assert [r.id for r in again.instances()] == [1]
        again.undo("ada")
        assert again.instance_count() == 3
