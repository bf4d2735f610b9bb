"""Boxes that a model found: instances with them, one step for undo, and not a person's."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.store import ActionKind, ImageRecord, InstanceState, Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ProjectError

THREE = [Box(10.0 * i, 20.0, 8.0, 8.0) for i in range(1, 4)]


@pytest.fixture
def image(project: Project, add_image: Callable[[str], ImageRecord]) -> int:
    return add_image("a.png").id


def boxes(project: Project, image: int) -> list[Box | None]:
    return [record.box for record in project.instances_of(image)]


def test_the_first_goes_to_the_instance_that_waits_and_others_are_added(
    project: Project, image: int
) -> None:
    waiting = project.add_instance(image, None, who="import").id
    found = project.add_found({image: THREE}, who="ada")
    assert found[0] == waiting
    assert boxes(project, image) == THREE


def test_what_was_followed_is_of_its_track_unless_that_has_another_object_there(
    project: Project,
) -> None:
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0)
    clip_image = project.add_frames(video.id, {0: kites.Facts("frame")})[0].id
    red, blue, gone = (project.add_track(video.id, name, who="ada").id for name in "abc")
    project.remove_track(gone, who="ada")
    there = project.add_instance(clip_image, kites.BOX, who="import")
    project.assign_track([there.id], blue, who="ada")
    waiting = project.add_instance(clip_image, None, who="import").id
    boxes = [*THREE, Box(70.0, 20.0, 8.0, 8.0)]
    tracks = {clip_image: [red, blue, gone, None]}
    found = project.add_found({clip_image: boxes}, tracks=tracks, who="ada")
    assert found[0] == waiting
    assert [project.instance(i).track_id for i in found] == [red, None, None, None]
    assert [project.instance(i).box for i in found] == boxes
    assert list(content_findings(project)) == []


def test_what_somebody_took_off_its_track_is_given_none(project: Project) -> None:
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0)
    clip_image = project.add_frames(video.id, {0: kites.Facts("frame")})[0].id
    red, blue = (project.add_track(video.id, name, who="ada").id for name in "ab")
    waiting = project.add_instance(clip_image, None, who="import").id
    project.assign_track([waiting], red, who="ada")
    project.assign_track([waiting], None, who="ada")
    project.add_found({clip_image: THREE[:1]}, tracks={clip_image: [blue]}, who="ada")
    assert project.instance(waiting).track_id is None
    assert list(content_findings(project)) == []


def test_an_instance_with_labels_keeps_what_it_has(project: Project, image: int) -> None:
    labelled = project.add_instance(image, kites.BOX, shape=kites.ACCEPTED, who="import")
    project.add_found({image: THREE[:1]}, who="ada")
    assert boxes(project, image) == [kites.BOX, THREE[0]]
    assert project.instance(labelled.id).state is InstanceState.ACCEPTED


def test_the_journal_says_that_they_were_found(project: Project, image: int) -> None:
    found = project.add_found({image: THREE}, who="ada")
    entries = list(project.journal())
    assert [(e.kind, e.instance_id, e.title) for e in entries] == [
        (ActionKind.FIND, i, "finding of 3 objects") for i in found
    ]


def test_undo_takes_all_of_them_back_and_redo_brings_them_again(
    project: Project, image: int
) -> None:
    project.add_instance(image, None, who="import")
    project.add_found({image: THREE}, who="ada")
    project.undo("ada")
    assert boxes(project, image) == [None]
    assert project.found_boxes() == frozenset()
    project.redo("ada")
    assert boxes(project, image) == THREE


def test_a_box_is_no_longer_found_once_a_person_has_drawn_it(project: Project, image: int) -> None:
    first, second, third = project.add_found({image: THREE}, who="ada")
    project.set_box(second, kites.BOX, who="bob")
    assert project.found_boxes() == {first, third}
    project.undo("bob")
    assert project.found_boxes() == {first, second, third}


def test_what_was_once_found_is_so_by_image_whoever_has_drawn_its_box_since(
    project: Project, image: int, add_image: Callable[[str], ImageRecord]
) -> None:
    project.add_instance(image, kites.BOX, shape=kites.ACCEPTED, who="import")
    first, second = project.add_found({image: THREE[:2]}, who="ada")
    project.add_found({add_image("b.png").id: THREE}, who="ada")
    project.set_box(second, kites.BOX, who="bob")
    assert project.found_in(image) == {first, second}


def test_redo_leaves_a_box_that_another_person_has_drawn_since(
    project: Project, image: int, add_image: Callable[[str], ImageRecord]
) -> None:
    """All of it was refused for that one."""
    drawn = project.add_instance(image, None, who="import").id
    beside = add_image("b.png").id
    project.add_instance(beside, None, who="import")
    project.add_found({image: THREE[:1], beside: THREE[1:2]}, title="finding", who="ada")
    project.undo("ada")
    project.set_box(drawn, kites.BOX, who="bob")

    redone = project.redo("ada")
    assert redone is not None
    assert boxes(project, image) == [kites.BOX]
    assert boxes(project, beside) == THREE[1:2]
    assert project.instances_of_step(redone, undone=True) == [drawn]
    with pytest.raises(ProjectError, match="bob has changed"):
        project.redo("ada")
    assert list(content_findings(project)) == []

    project.undo("ada")
    assert boxes(project, image) == [kites.BOX]
    assert boxes(project, beside) == [None]
