"""Undo and redo where the program has found boxes by itself since."""

from datetime import UTC, datetime

import kites
import pytest

from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ProjectError

FOLLOWING = "following through kites.mp4"
FOUND = "box where the others have it"
OTHER = Box(50.0, 40.0, 30.0, 30.0)
LAST = Box(20.0, 20.0, 30.0, 30.0)


@pytest.fixture
def images(project: Project) -> list[ImageRecord]:
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0).id
    return project.add_frames(video, {n: kites.Facts(f"frame {n}") for n in range(2)})


def waiting(project: Project, image: ImageRecord) -> int:
    return project.add_instance(image.id, None, who="ada").id


def inside(project: Project, image: ImageRecord) -> list[Box | None]:
    return [each.box for each in project.instances_of(image.id)]


def test_redo_of_what_was_followed_and_labelled(
    project: Project, images: list[ImageRecord]
) -> None:
    """It was refused, and all labels that came after it with it."""
    for image in images:
        waiting(project, image)
    at = datetime.now(UTC)
    boxes = {image.id: [kites.BOX, OTHER] for image in images}
    with project.transaction():
        found = project.add_found(boxes, title=FOLLOWING, who="ada", at=at)
        tracks = {"1": found[::2], "2": found[1::2]}
        project.gather_tracks(project.videos()[0].id, tracks, title=FOLLOWING, who="ada", at=at)
    project.place(found[0], kites.TOP, (3, 4), who="ada")
    for _ in range(2):
        project.undo("ada")
    assert inside(project, images[0]) == [None]
    project.add_found({images[0].id: [LAST, OTHER]}, title=FOUND, who=BY_ITSELF)
    assert inside(project, images[0]) == [LAST, OTHER]

    assert project.titles("ada") == (None, FOLLOWING)
    redone = project.redo("ada")
    assert redone is not None
    assert redone.title == FOLLOWING
    assert [inside(project, image) for image in images] == [[kites.BOX, OTHER]] * 2
    assert all(project.instance(i).track_id is not None for i in found)
    assert project.titles("ada") == (FOLLOWING, "placement of top")
    project.redo("ada")
    assert project.shape(found[0]).points[kites.TOP] == pytest.approx([3, 4])
    assert project.titles("ada") == ("placement of top", None)
    assert project.redo("ada") is None
    assert list(content_findings(project)) == []
    for _ in range(2):
        project.undo("ada")
    assert project.titles("ada") == (None, FOLLOWING)
    assert list(content_findings(project)) == []


def test_a_drawn_box_comes_again_and_is_no_found_one(
    project: Project, images: list[ImageRecord]
) -> None:
    drawn = waiting(project, images[0])
    project.set_box(drawn, kites.BOX, who="ada")
    project.undo("ada")
    project.add_found({images[0].id: [LAST]}, title=FOUND, who=BY_ITSELF)
    project.redo("ada")
    assert project.instance(drawn).box == kites.BOX
    assert project.found_boxes() == frozenset()
    assert project.titles("ada") == ("change of the box", None)
    assert list(content_findings(project)) == []


def test_what_a_person_did_there_gives_no_way(project: Project, images: list[ImageRecord]) -> None:
    drawn = waiting(project, images[0])
    project.set_box(drawn, kites.BOX, who="ada")
    project.undo("ada")
    project.add_found({images[0].id: [LAST]}, title=FOUND, who=BY_ITSELF)
    project.set_box(drawn, OTHER, who="bob")
    with pytest.raises(ProjectError, match="bob has changed"):
        project.redo("ada")
    assert project.instance(drawn).box == OTHER


def test_what_was_found_and_begun_since_stays(project: Project, images: list[ImageRecord]) -> None:
    drawn = waiting(project, images[0])
    project.set_box(drawn, kites.BOX, who="ada")
    project.undo("ada")
    project.add_found({images[0].id: [LAST]}, title=FOUND, who=BY_ITSELF)
    project.place(drawn, kites.TOP, (1, 2), who="bob")
    with pytest.raises(ProjectError, match="cannot be redone"):
        project.redo("ada")
    assert project.instance(drawn).box == LAST


def test_all_that_waited_in_an_image_and_was_found_twice(
    project: Project, images: list[ImageRecord]
) -> None:
    """What gives way to the first of them is no longer in the way of the second."""
    for _ in range(2):
        waiting(project, images[0])
    project.add_found({images[0].id: [kites.BOX, OTHER]}, title=FOLLOWING, who="ada")
    project.undo("ada")
    project.add_found({images[0].id: [LAST, OTHER]}, title=FOUND, who=BY_ITSELF)
    project.redo("ada")
    assert inside(project, images[0]) == [kites.BOX, OTHER]
    assert list(content_findings(project)) == []
