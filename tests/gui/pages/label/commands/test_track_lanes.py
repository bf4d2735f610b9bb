"""The lanes of a long video: what has changed is read alone, and is as if all were."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.label.commands import track_lanes
from landmark_annotator.annotator.gui.pages.label.commands.track_lanes import TrackLanes
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SHAPE = Shape([[1.0, 2.0], [3.0, 4.0]])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Of two tracks in five frames; a third object is of none."""
    with Project.create(tmp_path / "dots", Scheme("dots", ("one", "two"))) as made:
        video = made.add_video(tmp_path / "clip.mp4", "v", 25.0)
        facts = {n: ImageFacts(20, 10, f"v {n}") for n in (0, 5, 6, 9, 12)}
        images = made.add_frames(video.id, facts)
        for name in ("red", "blue"):
            track = made.add_track(video.id, name, who="ada")
            for image in images:
                box = Box(5.0, 5.0, 4.0, 4.0)
                made.add_instance(image.id, box, track=track.id, who="ada")
        made.add_instance(images[0].id, None, who="ada")
        yield made


def as_read(project: Project) -> TrackLanes:
    return track_lanes.track_lanes(project, project.videos()[0].id, TrackLanes(), None)


def told(lanes: TrackLanes) -> object:
    objects = lanes.objects
    marks = [(lane.track_id, lane.name, lane.marks) for lane in lanes.lanes]
    return marks, [objects.at(frame) for frame in sorted(set(objects.frames.tolist()))]


def propose(project: Project, instance: int) -> None:
    spread = np.tile(np.eye(2), (2, 1, 1))
    project.store_proposal(instance, SHAPE.points, spread, predicted_error=None, model="m")


def reopen(project: Project, instance: int) -> None:
    project.accept(instance, SHAPE, who="ada")
    project.clear(instance, 0, who="ada")


@pytest.mark.parametrize(
    "act",
    [
        lambda p, i: p.place(i, 0, (1, 2), who="ada"),
        lambda p, i: p.accept(i, SHAPE, who="ada"),
        reopen,
        lambda p, i: p.flag(i, "blurred", who="ada"),
        propose,
        lambda p, i: p.exclude(instances=[i], why="no dot", who="ada"),
        lambda p, i: p.assign_track([i], None, who="ada"),
    ],
)
@pytest.mark.parametrize("which", [0, 3, -1])
def test_what_has_changed_is_as_if_all_were_read(
    project: Project, act: Callable[[Project, int], object], which: int
) -> None:
    before = as_read(project)
    instance = project.instances()[which].id
    act(project, instance)
    found = track_lanes.track_lanes(project, project.videos()[0].id, before, {instance})
    assert told(found) == told(as_read(project))


def test_an_object_that_is_new_is_found(project: Project) -> None:
    before = as_read(project)
    new = project.add_instance(project.images()[1].id, None, who="ada").id
    found = track_lanes.track_lanes(project, project.videos()[0].id, before, {new})
    assert told(found) == told(as_read(project))


def test_a_click_reads_no_other_object(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before, instance = as_read(project), project.instances()[0].id
    project.place(instance, 0, (1, 2), who="ada")
    monkeypatch.delattr(track_lanes, "_all_lanes")
    found = track_lanes.track_lanes(project, project.videos()[0].id, before, {instance})
    assert found.lanes[0].marks[0].kind == "started"
