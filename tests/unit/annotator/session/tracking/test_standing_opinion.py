"""Of a video a second person's label stands: it is of the first one's track."""

import csv
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.exchange.labelled_clip import drawn_objects
from landmark_annotator.annotator.session.exchange.people_choice import labels_of
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.review.standing_labels import let_stand
from landmark_annotator.annotator.session.tracking.growing_clip import GrowingClip
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.projects.exchange import export_labels
from landmark_annotator.projects.exchange.transfer.whose_labels import EVERYBODYS, WhoseLabels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape, Visibility
from tests.unit.annotator.session.tracking.conftest import FRAMES, label_both, truth

A, B, C, D = range(4)
BESIDE = 4


def _label(absent: int) -> Shape:
    points = truth(0, 0)
    points[absent] = np.nan
    visibility = [Visibility.VISIBLE] * 4
    visibility[absent] = Visibility.NOT_LABELLED
    return Shape(points, visibility, [Provenance.CLICKED] * 4)


@pytest.fixture
def opinions(unlabelled: Project) -> tuple[int, int, int]:
    """Ids of ann's label of the first frame, bob's of the same object, and of the next frame's.

    To ann `c` is not in the image, to bob `b`.
    """
    project, box = unlabelled, Box.square_around(truth(0, 0), 1.2)
    images = project.images()
    first, after = (project.instances_of(image.id)[0].id for image in images[:2])
    for instance in (first, after):
        project.set_box(instance, box, who="ann")
    (video,) = project.videos()
    project.add_track(video.id, "card", instances=[first, after], who="ann")
    project.accept(first, _label(C), who="ann")
    image = images[0].id
    second = project.add_instance(image, box, second_opinion_on=first, who="bob").id
    project.accept(second, _label(B), who="bob")
    return first, second, after


def absent_beside(project: Project, instance: int) -> frozenset[int]:
    return LabellingSession(project, who="ann").open(instance).absent


def tracks(project: Project, path: Path, whose: WhoseLabels = EVERYBODYS) -> list[str]:
    export_labels(project, path, format="csv", whose=whose)
    with path.open(newline="") as file:
        return [row["track"] for row in csv.DictReader(file)]


def test_its_marks_are_carried(unlabelled: Project, opinions: tuple[int, int, int]) -> None:
    first, second, after = opinions
    assert absent_beside(unlabelled, after) == {C}
    let_stand(unlabelled, [(second, first)], whose="bob", who="lea")
    assert absent_beside(unlabelled, after) == {B}
    unlabelled.undo("lea")
    assert absent_beside(unlabelled, after) == {C}


def test_its_track_is_exported(
    unlabelled: Project, opinions: tuple[int, int, int], tmp_path: Path
) -> None:
    first, second, _ = opinions
    let_stand(unlabelled, [(second, first)], whose="bob", who="lea")
    assert tracks(unlabelled, tmp_path / "out.csv") == ["card"]


def test_it_is_exported_with_one_persons_labels_and_no_track_is_two_objects(
    unlabelled: Project, opinions: tuple[int, int, int], tmp_path: Path
) -> None:
    assert tracks(unlabelled, tmp_path / "bob.csv", labels_of(unlabelled, "bob")) == ["card"]
    assert tracks(unlabelled, tmp_path / "ann.csv", labels_of(unlabelled, "ann")) == ["card"]
    assert sorted(tracks(unlabelled, tmp_path / "both.csv")) == ["", "card"]
    unlabelled.place(opinions[0], A, (1.0, 1.0), who="ann")
    unlabelled.clear(opinions[0], A, who="ann")  # ann's is no longer accepted
    assert tracks(unlabelled, tmp_path / "one.csv") == ["card"]


def test_it_is_in_the_lane_of_the_first_ones_track(
    unlabelled: Project, opinions: tuple[int, int, int]
) -> None:
    first, second, after = opinions
    project, (video,), (track,) = unlabelled, unlabelled.videos(), unlabelled.tracks()

    def in_lane() -> list[int]:
        lanes = project.video_objects(video.id)
        told = [each for each in project.objects_of_video(video.id) if each.track_id == track.id]
        ids = lanes.instances[lanes.tracks == track.id].tolist()
        assert ids == [each.instance_id for each in told]
        return ids

    assert in_lane() == [first, after]
    let_stand(project, [(second, first)], whose="bob", who="lea")
    assert in_lane() == [second, after]


def test_nothing_is_followed_into_its_place(filmed: Project) -> None:
    """It was looked for as if it were not there, and found as one more object."""
    project, (video,) = filmed, filmed.videos()
    label_both(project, BESIDE)
    image = next(image.id for image in project.images() if image.frame == BESIDE)
    first, other = project.instances_of(image)
    second = project.add_instance(image, first.box, second_opinion_on=first.id, who="bob").id
    project.accept(second, project.shape(first.id), who="bob")
    let_stand(project, [(second, first.id)], whose="bob", who="lea")
    done, _ = follow_video(project, video, SILENT, who="ann")
    assert [each.id for each in project.instances_of(image)] == [other.id, second]
    assert done.tracks == {"1": FRAMES, "2": FRAMES}


def test_its_record_and_its_track_tell_of_each_other(
    unlabelled: Project, opinions: tuple[int, int, int]
) -> None:
    """The timeline marked no lane for it, it was drawn in the colour of no track, and the clip of
    its track was smoothed without it."""
    first, second, after = opinions
    project, (video,), (track,) = unlabelled, unlabelled.videos(), unlabelled.tracks()
    assert project.instance(second).track_id is None
    let_stand(project, [(second, first)], whose="bob", who="lea")
    assert project.instance(second).track_id == track.id
    for near in (project.instances_of_track(track.id), project.instances_near(track.id, 0, 9)):
        assert [record.id for _, record in near] == [second, after]
    drawn = drawn_objects(project, video, accepted=True)
    assert [each.track for each in drawn[0]] == [track.id]
    clip = GrowingClip.of(project, track.id, second)
    assert clip is not None
    assert [member.instance for member in clip.members] == [second, after]


def test_said_to_be_of_another_track_it_is_of_that(
    unlabelled: Project, opinions: tuple[int, int, int]
) -> None:
    first, second, _ = opinions
    project, (video,), (track,) = unlabelled, unlabelled.videos(), unlabelled.tracks()
    let_stand(project, [(second, first)], whose="bob", who="lea")
    other = project.add_track(video.id, "other", who="lea")

    def in_lane() -> dict[int, int | None]:
        told = project.objects_of_video(video.id)
        assert all(project.instance(each.instance_id).track_id == each.track_id for each in told)
        return {each.instance_id: each.track_id for each in told}

    project.assign_track([second], other.id, who="lea")
    assert in_lane()[second] == other.id
    project.assign_track([second], None, who="lea")
    assert in_lane()[second] is None
    project.undo("lea")
    project.undo("lea")
    assert in_lane()[second] == track.id
    assert list(content_findings(project)) == []
