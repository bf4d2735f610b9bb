"""A track is one object in every frame, also where what was left out counts again, and where the
label of a second person stands."""

from collections.abc import Callable
from dataclasses import dataclass

import kites
import pytest

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


@dataclass
class Clip:
    """A video of two frames with two kites each; the red one's track has 1 and 3."""

    project: Project
    red: int
    images: list[int]

    def lane(self) -> list[tuple[int, int]]:
        """The frames and instances of the red one."""
        return [(f, r.id) for f, r in self.project.instances_of_track(self.red)]


@pytest.fixture
def clip(project: Project) -> Clip:
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0).id
    frames = {n: kites.Facts(f"frame {n}") for n in range(2)}
    images = [image.id for image in project.add_frames(video, frames)]
    red, blue = (project.add_track(video, name, who="ada").id for name in ("red", "blue"))
    for image in images:
        for track in (red, blue):
            project.add_instance(image, kites.BOX, track=track, who="ada")
    return Clip(project, red, images)


def _restore_object(clip: Clip) -> Callable[[], object]:
    clip.project.exclude(instances=[1], why="blurred", who="ada")
    return lambda: clip.project.restore(instances=[1], who="ada")


def _undo_exclusion(clip: Clip) -> Callable[[], object]:
    clip.project.exclude(instances=[1], why="blurred", who="bob")
    return lambda: clip.project.undo("bob")


def _redo_restoration(clip: Clip) -> Callable[[], object]:
    clip.project.exclude(instances=[1], why="blurred", who="ada")
    clip.project.restore(instances=[1], who="bob")
    clip.project.undo("bob")
    return lambda: clip.project.redo("bob")


def _restore_image(clip: Clip) -> Callable[[], object]:
    clip.project.exclude(images=[clip.images[0]], why="blurred", who="ada")
    return lambda: clip.project.restore(images=[clip.images[0]], who="ada")


@pytest.mark.parametrize(
    "left_out", [_restore_object, _undo_exclusion, _redo_restoration, _restore_image]
)
def test_what_was_left_out_does_not_come_back_beside_another_object_of_its_track(
    clip: Clip, left_out: Callable[[Clip], Callable[[], object]]
) -> None:
    again = left_out(clip)
    clip.project.assign_track([2], clip.red, who="ada")
    before = clip.lane()
    with pytest.raises(ProjectError, match="would be two in frame 0") as told:
        again()
    assert told.value.kept
    assert clip.lane() == before
    clip.project.assign_track([2], None, who="ada")
    again()
    assert clip.lane() == [(0, 1), (1, 3)]


def test_beside_a_label_that_stands_no_other_object_comes_into_its_track(clip: Clip) -> None:
    second = clip.project.add_instance(clip.images[0], kites.BOX, second_opinion_on=1, who="bob").id
    clip.project.let_stand([(second, 1)], why="bob's label stands", who="ada")
    assert clip.lane() == [(0, second), (1, 3)]
    with pytest.raises(ProjectError, match="would be two in frame 0"):
        clip.project.assign_track([2], clip.red, who="ada")
    with pytest.raises(ProjectError, match="another object in this image"):
        clip.project.add_instance(clip.images[0], kites.BOX, track=clip.red, who="ada")
