"""The labels of the same object in the frames of its video around one."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceRecord, Project

FRAMES = (0, 10, 30, 90)

Frames = dict[int, InstanceRecord]


def _filmed(project: Project, sha: str, rate: float | None, objects: int = 1) -> list[Frames]:
    """One object after the other, each by its frame, and of no track."""
    video = project.add_video(project.folder / f"{sha}.mp4", sha, rate)
    facts = {number: ImageFacts(100, 80, f"{sha} {number}") for number in FRAMES}
    images = project.add_frames(video.id, facts)
    return [
        {i.frame or 0: project.add_instance(i.id, kites.BOX, who="ada") for i in images}
        for _ in range(objects)
    ]


@pytest.fixture
def frames(project: Project) -> Frames:
    """Of a track, 10 frames a second."""
    (kite,) = _filmed(project, "v", 10.0)
    (video,) = project.videos()
    project.add_track(video.id, "kite", instances=[r.id for r in kite.values()], who="ada")
    return kite


def accept(project: Project, *records: InstanceRecord) -> None:
    for record in records:
        project.accept(record.id, kites.ACCEPTED, who="ada")


def beside(project: Project, record: InstanceRecord) -> list[tuple[int, float | None]]:
    return [(b.frames, b.seconds) for b in project.to_label(record.id, who="ada").beside]


def test_they_are_the_nearest_to_each_side(project: Project, frames: Frames) -> None:
    accept(project, frames[0], frames[10], frames[90])
    assert beside(project, frames[30]) == [(20, 2.0), (60, 6.0)]
    (first, _) = project.to_label(frames[30].id, who="ada").beside
    assert first.shape == project.shape(frames[10].id)


def test_several_are_read_as_one_is(project: Project, frames: Frames) -> None:
    accept(project, frames[10])
    ids = [record.id for record in frames.values()]
    found = project.some_to_label(ids, who="ada")
    said = {i: [b.frames for b in each.beside] for i, each in found.items()}
    assert said == dict(zip(ids, ([10], [], [20], [80]), strict=True))


def test_what_is_only_begun_is_no_label(project: Project, frames: Frames) -> None:
    project.place(frames[0].id, kites.TOP, (1, 2), who="ada")
    assert beside(project, frames[10]) == []


def test_what_was_left_out_is_none(project: Project, frames: Frames) -> None:
    accept(project, frames[0])
    project.exclude(images=[frames[0].image_id], why="blurred", who="ada")
    assert beside(project, frames[10]) == []


def test_of_a_video_whose_rate_nobody_knows_no_seconds_are_told(project: Project) -> None:
    (kite,) = _filmed(project, "folder", None)
    accept(project, kite[0])
    assert beside(project, kite[10]) == [(10, None)]


def test_another_track_says_nothing(project: Project) -> None:
    one, other = _filmed(project, "two", 10.0, objects=2)
    (video,) = project.videos()
    for name, kite in (("one", one), ("other", other)):
        project.add_track(video.id, name, instances=[r.id for r in kite.values()], who="ada")
    accept(project, other[0])
    assert (beside(project, one[10]), beside(project, other[10])) == ([], [(10, 1.0)])


@pytest.mark.parametrize(("objects", "said"), [(1, [(10, 1.0)]), (2, [])])
def test_without_tracks_only_what_is_alone_is_the_same_object(
    project: Project, objects: int, said: object
) -> None:
    kite, *_ = _filmed(project, "untracked", 10.0, objects=objects)
    accept(project, kite[0])
    assert beside(project, kite[10]) == said


def test_a_photograph_has_no_frames_beside_it(
    project: Project, kite: InstanceRecord, add_image: Callable[[str], object]
) -> None:
    assert beside(project, kite) == []
