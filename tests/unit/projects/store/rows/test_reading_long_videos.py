"""What is read of one object of a video, or of what is near it, is no more where the video is
long."""

from collections.abc import Callable
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from tests.statements import sqlite_steps

SHORT, LONG = 40, 400
MIDDLE = 5


@pytest.fixture(params=[True, False], ids=["tracked", "untracked"])
def video_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], Project]:
    """Of so many frames with an object each; the first and the twelfth are labelled."""

    def make(frames: int) -> Project:
        project = Project.create(tmp_path / str(frames), kites.SCHEME)
        request.addfinalizer(project.close)
        video = project.add_video(tmp_path / "kites.mp4", "kites", 25.0).id
        facts = {n: ImageFacts(100, 80, f"frame {n}") for n in range(frames)}
        with project.transaction():
            track = project.add_track(video, "kite", who="ada").id if request.param else None
            for image in project.add_frames(video, facts):
                project.add_instance(image.id, kites.BOX, track=track, who="ada")
            for instance in (1, 12):
                project.accept(instance, kites.ACCEPTED, who="ada")
        return project

    return make


def test_a_long_track_is_read_round_a_frame_alone(tmp_path: Path) -> None:
    steps, found = [], []
    for frames in (SHORT, LONG):
        with Project.create(tmp_path / str(frames), kites.SCHEME) as project:
            video = project.add_video(tmp_path / "kites.mp4", "kites", 25.0).id
            facts = {n: ImageFacts(100, 80, f"frame {n}") for n in range(frames)}
            with project.transaction():
                track = project.add_track(video, "kite", who="ada").id
                for image in project.add_frames(video, facts):
                    project.add_instance(image.id, kites.BOX, track=track, who="ada")
            found.append([frame for frame, _ in project.instances_near(track, MIDDLE, 4)])
            with sqlite_steps() as said:
                project.instances_near(track, MIDDLE, 4)
            steps.append(sum(said))
    assert found == [[3, 4, 5, 6]] * 2
    assert steps[1] < 5 * steps[0], "of all others it is only counted how many there are"


@pytest.mark.parametrize(
    "read",
    [
        lambda p: p.to_label(MIDDLE, who="ada").beside,
        lambda p: p.nearest_object(1, MIDDLE, None),
        lambda p: p.objects_of_video(1, first=MIDDLE - 2, last=MIDDLE + 2),
    ],
    ids=["labels beside", "nearest", "some frames"],
)
def test_of_a_long_video_no_more_is_read(
    video_of: Callable[[int], Project], read: Callable[[Project], object]
) -> None:
    steps = []
    for frames in (SHORT, LONG):
        project = video_of(frames)
        assert read(project)
        with sqlite_steps() as said:
            read(project)
        steps.append(sum(said))
    assert steps[1] < 2 * steps[0]
