"""Undo of what was followed through a video, where labels came into some of its objects since."""

from collections.abc import Callable
from datetime import UTC, datetime

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import ImageRecord, InstanceState, Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box

FOLLOWING = "following through kites.mp4"
ELSEWHERE = Box(50.0, 40.0, 30.0, 30.0)


@pytest.fixture
def followed(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    """The objects of three frames, of one track; before that ada had placed a landmark elsewhere,
    in the newest instance but those."""
    before = project.add_instance(add_image("before.png").id, kites.BOX, who="ada")
    project.place(before.id, kites.TOP, (1, 2), who="ada")
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0).id
    frames = {n: kites.Facts(f"frame {n}") for n in range(3)}
    boxes = {image.id: [kites.BOX] for image in project.add_frames(video, frames)}
    at = datetime.now(UTC)
    with project.transaction():
        found = project.add_found(boxes, title=FOLLOWING, who="ada", at=at)
        project.gather_tracks(video, {"1": found}, title=FOLLOWING, who="ada", at=at)
    return found


def import_into(project: Project, instance_id: int) -> None:
    source = f"file#{instance_id}"
    project.fill_instance(instance_id, kites.BOX, kites.ACCEPTED, source=source, who="ada")


def label(project: Project, instance_id: int) -> None:
    project.accept(instance_id, kites.ACCEPTED, who="bob")


def draw(project: Project, instance_id: int) -> None:
    project.set_box(instance_id, ELSEWHERE, who="bob")


def throw_out(project: Project, instance_id: int) -> None:
    project.exclude(instances=[instance_id], why="no object", who="bob")


def tracks(project: Project, found: list[int]) -> list[int | None]:
    return [project.instance(i).track_id for i in found]


@pytest.mark.parametrize("brought", [import_into, label])
def test_all_but_what_has_labels_since_is_taken_back_and_comes_again(
    project: Project, followed: list[int], brought: Callable[[Project, int], None]
) -> None:
    brought(project, followed[1])
    (track,) = project.tracks()
    undone = project.undo("ada")
    assert undone is not None
    assert undone.title == FOLLOWING
    assert [project.instance(i).excluded is None for i in followed] == [False, True, False]
    assert project.instance(followed[1]).state is InstanceState.ACCEPTED
    assert tracks(project, followed) == [None, track.id, None]
    assert project.tracks() == [track]
    assert project.instances_of_step(undone, undone=False) == [followed[1]]
    assert list(content_findings(project)) == []

    assert project.redo("ada") == undone
    assert [project.instance(i).excluded for i in followed] == [None] * 3
    assert tracks(project, followed) == [track.id] * 3
    assert list(content_findings(project)) == []
    project.undo("ada")
    assert tracks(project, followed) == [None, track.id, None]
    assert list(content_findings(project)) == []


@pytest.mark.parametrize("done", [draw, throw_out])
def test_what_somebody_else_drew_anew_or_threw_out_stays_as_it_is(
    project: Project, followed: list[int], done: Callable[[Project, int], None]
) -> None:
    """The whole undo was refused, and all steps before it with it."""
    done(project, followed[1])
    was = project.instance(followed[1])
    (track,) = project.tracks()
    undone = project.undo("ada")
    assert undone is not None
    assert undone.title == FOLLOWING
    assert project.instance(followed[1]) == was
    assert tracks(project, followed) == [None, track.id, None]
    assert project.instances_of_step(undone, undone=False) == [followed[1]]
    assert project.titles("ada") == ("placement of top", FOLLOWING)
    project.redo("ada")
    assert tracks(project, followed) == [track.id] * 3
    assert project.instance(followed[1]) == was
    project.undo("bob")
    project.undo("ada")
    assert [project.instance(i).excluded is None for i in followed] == [False] * 3
    assert list(content_findings(project)) == []


@pytest.mark.parametrize("labelled", [[1], [0, 1, 2]])
def test_what_was_done_before_can_be_taken_back(
    project: Project, followed: list[int], labelled: list[int]
) -> None:
    for number in labelled:
        import_into(project, followed[number])
    assert project.titles("ada") == (FOLLOWING, None)
    project.undo("ada")
    assert project.titles("ada") == ("placement of top", FOLLOWING)
    undone = project.undo("ada")
    assert undone is not None
    assert undone.title == "placement of top"
    assert all(project.instance(followed[n]).state is InstanceState.ACCEPTED for n in labelled)
    for _ in range(2):
        project.redo("ada")
    assert tracks(project, followed) == [project.tracks()[0].id] * 3
    assert list(content_findings(project)) == []


def test_what_was_found_and_has_labels_alone_is_no_step(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    before = project.add_instance(add_image("a.png").id, kites.BOX, who="ada")
    project.place(before.id, kites.TOP, (1, 2), who="ada")
    found = project.add_found({add_image("b.png").id: [kites.BOX]}, who="ada")
    label(project, found[0])
    assert project.titles("ada") == ("placement of top", None)
    assert project.undoable("ada", found[0]) is None
    undone = project.undo("ada")
    assert undone is not None
    assert undone.title == "placement of top"
    project.undo("bob")
    top = project.undoable("ada")
    assert top is not None
    assert top.title == "finding of 1 object", "its labels are gone again"


def test_what_was_taken_back_is_not_proposed_for_on_the_timeline(project: Project) -> None:
    """Its proposal is kept for a redo; of an object without a box nobody sees it."""
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0).id
    (image,) = project.add_frames(video, {0: kites.Facts("frame")})
    waiting = project.add_instance(image.id, None, who="ada").id
    assert project.add_found({image.id: [kites.BOX]}, who="ada") == [waiting]
    unsure = np.tile(np.eye(2), (len(kites.POINTS), 1, 1))
    project.store_proposal(waiting, kites.POINTS, unsure, predicted_error=1.0, model="tracking")

    def proposed() -> list[bool]:
        told = project.objects_of_video(video)
        assert project.video_objects(video).at(0) == told
        return [each.proposed for each in told]

    assert proposed() == [True]
    project.undo("ada")
    assert proposed() == [False]
    assert project.instance(waiting).predicted_error is None
    project.redo("ada")
    assert proposed() == [True]
    assert project.instance(waiting).predicted_error == 1.0, "it was lost"
