"""Who is who in a video: each action on tracks is one step, and is turned back whole."""

from collections.abc import Callable
from dataclasses import dataclass

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary.errors import ProjectError


@dataclass
class Clip:
    """A video of six frames in which two kites were labelled."""

    project: Project
    video: int
    red: int
    blue: int
    images: dict[int, int]

    def who(self) -> dict[str, list[tuple[int, int]]]:
        """By the name of the track, its frames and instances."""
        return {
            track.name: [(f, r.id) for f, r in self.project.instances_of_track(track.id)]
            for track in self.project.tracks()
        }


@pytest.fixture
def clip(project: Project) -> Clip:
    video = project.add_video(project.folder / "kites.mp4", "kites", 25.0).id
    frames = {n: kites.Facts(f"frame {n}") for n in range(6)}
    images = {image.frame or 0: image.id for image in project.add_frames(video, frames)}
    red = project.add_track(video, "red", who="ada").id
    blue = project.add_track(video, "blue", who="ada").id
    for n in range(6):
        project.add_instance(images[n], kites.BOX, track=red, who="ada")  # 1, 3, 5, ...
        project.add_instance(images[n], kites.BOX, track=blue, who="ada")
    return Clip(project, video, red, blue, images)


RED = [(n, 2 * n + 1) for n in range(6)]
BLUE = [(n, 2 * n + 2) for n in range(6)]


def test_a_tracks_instances_come_in_the_order_of_the_frames(clip: Clip) -> None:
    assert clip.who() == {"red": RED, "blue": BLUE}


def test_an_instance_says_of_which_track_it_is(clip: Clip) -> None:
    assert [r.track_id for r in clip.project.instances_of(clip.images[2])] == [clip.red, clip.blue]


@pytest.mark.parametrize(
    ("frame", "most", "frames"),
    [
        (3, 2, [2, 3]),
        (3, 3, [2, 3, 4]),
        (0, 3, [0, 1, 2]),
        (5, 4, [2, 3, 4, 5]),
        (4, 9, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_of_a_long_track_those_round_a_frame_are_listed(
    clip: Clip, frame: int, most: int, frames: list[int]
) -> None:
    found = clip.project.instances_near(clip.red, frame, most)
    assert [(f, record.id) for f, record in found] == [RED[n] for n in frames]
    clip.project.exclude(images=[], instances=[RED[frames[0]][1]], why="blurred", who="ada")
    assert RED[frames[0]][0] not in dict(clip.project.instances_near(clip.red, frame, most))


def test_what_is_left_out_is_no_more_listed(clip: Clip) -> None:
    clip.project.exclude(images=[clip.images[0]], instances=[3], why="blurred", who="ada")
    assert clip.who()["red"] == RED[2:]
    assert len(clip.project.instances_of_track(clip.red, excluded=True)) == 6


ACTIONS: dict[str, tuple[Callable[[Clip], object], dict[str, list[tuple[int, int]]]]] = {
    "swap": (
        lambda c: c.project.swap_tracks(c.red, c.blue, first=3, who="ada"),
        {"red": RED[:3] + BLUE[3:], "blue": BLUE[:3] + RED[3:]},
    ),
    "swap in a range": (
        lambda c: c.project.swap_tracks(c.red, c.blue, first=1, last=2, who="ada"),
        {"red": RED[:1] + BLUE[1:3] + RED[3:], "blue": BLUE[:1] + RED[1:3] + BLUE[3:]},
    ),
    "cut": (
        lambda c: c.project.cut_track(c.red, 4, who="ada"),
        {"red": RED[:4], "blue": BLUE, "red 2": RED[4:]},
    ),
    "delete": (lambda c: c.project.remove_track(c.red, who="ada"), {"blue": BLUE}),
    "rename": (
        lambda c: c.project.rename_track(c.red, "crimson", who="ada"),
        {"crimson": RED, "blue": BLUE},
    ),
    "take off": (
        lambda c: c.project.assign_track([1, 3], None, who="ada"),
        {"red": RED[2:], "blue": BLUE},
    ),
    "new with its first": (
        lambda c: c.project.add_track(c.video, "green", instances=[1, 4], who="ada"),
        {"red": RED[1:], "blue": BLUE[:1] + BLUE[2:], "green": [(0, 1), (1, 4)]},
    ),
    "several new": (
        lambda c: c.project.gather_tracks(c.video, {"green": [1], "amber": [4]}, who="ada"),
        {"red": RED[1:], "blue": BLUE[:1] + BLUE[2:], "green": [(0, 1)], "amber": [(1, 4)]},
    ),
    "new": (
        lambda c: c.project.add_track(c.video, "green", who="ada"),
        {"red": RED, "blue": BLUE, "green": []},
    ),
}


def test_nothing_is_gathered_into_a_track_without_a_name(clip: Clip) -> None:
    before = clip.who()
    with pytest.raises(ProjectError, match="needs a name"):
        clip.project.gather_tracks(clip.video, {"green": [1], " ": [4]}, who="ada")
    assert clip.who() == before


def test_what_left_a_track_is_gathered_into_it_again(clip: Clip) -> None:
    clip.project.assign_track([1, 3], None, who="ada")
    clip.project.gather_tracks(clip.video, {"red": [1, 3]}, who="ada")
    assert clip.who() == {"red": RED, "blue": BLUE}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_one_step(clip: Clip, name: str) -> None:
    act, after = ACTIONS[name]
    before = clip.who()
    act(clip)
    assert clip.who() == after
    undone = clip.project.undo("ada")
    assert undone is not None
    assert undone.kind is ActionKind.TRACK
    assert clip.who() == before
    clip.project.redo("ada")
    assert clip.who() == after
    assert list(content_findings(clip.project)) == []


def test_joined_tracks_are_one(clip: Clip) -> None:
    later = clip.project.cut_track(clip.red, 3, who="ada").id
    clip.project.join_tracks(clip.red, later, who="ada")
    assert clip.who() == {"red": RED, "blue": BLUE}
    clip.project.undo("ada")
    assert clip.who() == {"red": RED[:3], "blue": BLUE, "red 2": RED[3:]}


def test_a_track_is_one_object_in_a_frame(clip: Clip) -> None:
    with pytest.raises(ProjectError, match="two in frames 0, 1, 2 and 3 more"):
        clip.project.join_tracks(clip.red, clip.blue, who="ada")
    with pytest.raises(ProjectError, match="would be two in frame 1"):
        clip.project.assign_track([4], clip.red, who="ada")
    with pytest.raises(ProjectError, match="another object in this image"):
        clip.project.add_instance(clip.images[0], kites.BOX, track=clip.red, who="ada")
    assert clip.who() == {"red": RED, "blue": BLUE}


def test_a_second_opinion_is_of_the_same_object(clip: Clip) -> None:
    opinion = clip.project.add_instance(
        clip.images[0], kites.BOX, second_opinion_on=1, track=clip.red, who="bob"
    )
    clip.project.swap_tracks(clip.red, clip.blue, who="ada")
    assert clip.project.instance(opinion.id).track_id == clip.blue


def test_a_name_is_taken_once_in_a_video(clip: Clip) -> None:
    with pytest.raises(ProjectError, match="has a track blue already"):
        clip.project.rename_track(clip.red, " blue ", who="ada")
    other = clip.project.add_video(clip.project.folder / "other.mp4", "other", 25.0).id
    assert clip.project.add_track(other, "blue", who="ada").video_id == other


def test_a_track_has_objects_of_its_own_video(clip: Clip) -> None:
    other = clip.project.add_video(clip.project.folder / "other.mp4", "other", 25.0).id
    green = clip.project.add_track(other, "green", who="ada").id
    with pytest.raises(ProjectError, match="of another video"):
        clip.project.assign_track([1], green, who="ada")
    with pytest.raises(ProjectError, match="not two tracks of one video"):
        clip.project.swap_tracks(clip.red, green, who="ada")


def test_what_is_cut_off_a_numbered_track_has_the_next_number(clip: Clip) -> None:
    # It was "1 2", beside tracks 1 and 2.
    clip.project.rename_track(clip.red, "1", who="ada")
    clip.project.rename_track(clip.blue, "2", who="ada")
    assert clip.project.cut_track(clip.red, 3, who="ada").name == "3"
    assert clip.project.cut_track(clip.blue, 3, who="ada").name == "4"


def test_a_cut_needs_objects_on_both_sides(clip: Clip) -> None:
    with pytest.raises(ProjectError, match="both sides of frame 0"):
        clip.project.cut_track(clip.red, 0, who="ada")


def test_what_somebody_else_changed_since_is_not_turned_back(clip: Clip) -> None:
    clip.project.swap_tracks(clip.red, clip.blue, first=3, who="ada")
    clip.project.cut_track(clip.red, 4, who="bob")
    before = clip.who()
    with pytest.raises(ProjectError, match="bob has changed tracks"):
        clip.project.undo("ada")
    assert clip.who() == before


def test_a_track_that_others_use_does_not_go_by_undo(clip: Clip) -> None:
    green = clip.project.add_track(clip.video, "green", who="ada").id
    clip.project.assign_track([1], green, who="bob")
    with pytest.raises(ProjectError, match="cannot be undone"):
        clip.project.undo("ada")
    assert clip.who()["green"] == [(0, 1)]


def test_an_instance_that_the_journal_of_tracks_names_stays(clip: Clip) -> None:
    clip.project.assign_track([1], None, who="ada")
    with pytest.raises(ProjectError, match="cannot be removed"):
        clip.project.remove_instance(1)
    clip.project.remove_instance(3)


def test_a_track_that_was_changed_past_the_journal_is_found(clip: Clip) -> None:
    clip.project.swap_tracks(clip.red, clip.blue, who="ada")
    with clip.project.transaction() as connection:
        connection.exec_driver_sql("UPDATE instances SET track_id = NULL WHERE id = 5")
    (finding,) = content_findings(clip.project)
    assert "not of the track that its journal says" in finding.what


def test_a_frame_that_is_begun_is_one_step(clip: Clip) -> None:
    project = clip.project
    image = project.begin_frame(
        clip.video, 9, kites.Facts("nine"), objects=[(kites.BOX, clip.red)], who="ada"
    )
    assert [r.track_id for r in project.instances_of(image)] == [clip.red]
    assert project.undo("ada") is not None
    assert image not in [each.id for each in project.images()]
    assert clip.who()["red"] == RED
    assert list(content_findings(project)) == []
    assert project.begin_frame(clip.video, 9, kites.Facts("nine"), who="ada") == image
    assert len(project.instances_of(image)) == 1
    assert list(content_findings(project)) == []


def test_of_a_long_clip_as_of_a_short_one(clip: Clip) -> None:
    """More objects than one statement names by themselves, left out ones among them."""
    project, count = clip.project, 400
    frames = {n: kites.Facts(f"long {n}") for n in range(count)}
    video = project.add_video(project.folder / "long.mp4", "long", 25.0).id
    ids = [project.add_track(video, name, who="ada").id for name in ("one", "other")]
    with project.transaction():
        for image in project.add_frames(video, frames):
            for track in ids if (image.frame or 0) % 5 else ids[:1]:
                project.add_instance(image.id, kites.BOX, track=track, who="ada")
    left_out = project.instances_of_track(ids[0])[7][1].id
    project.exclude(images=[], instances=[left_out], why="blurred", who="ada")

    def told() -> list[list[tuple[int, int]]]:
        found = [project.instances_of_track(track, excluded=True) for track in ids]
        return [[(frame, record.id) for frame, record in one] for one in found]

    before = told()
    project.swap_tracks(*ids, who="ada")
    assert told() == before[::-1]
    project.undo("ada")
    assert told() == before
    project.redo("ada")
    assert told() == before[::-1]
    project.undo("ada")
    project.cut_track(ids[0], 200, who="ada")
    with pytest.raises(ProjectError, match=r"two in frames 201, 202, 203 and 157 more"):
        project.join_tracks(ids[1], project.tracks(video)[-1].id, who="ada")
    project.undo("ada")
    assert told() == before
    assert list(content_findings(project)) == []


def test_the_nearest_object_is_of_another_frame(clip: Clip) -> None:
    def nearest(frame: int, track: int | None) -> int | None:
        found = clip.project.nearest_object(clip.video, frame, track)
        return None if found is None else found.instance_id

    assert nearest(3, clip.blue) == 6  # of two as near the earlier
    assert nearest(3, None) == 5
    clip.project.exclude(images=[clip.images[n] for n in (0, 1, 2, 4)], why="blurred", who="ada")
    assert nearest(3, clip.blue) == 12
    assert nearest(-9, clip.red) == 7
    clip.project.exclude(images=[clip.images[n] for n in (3, 5)], why="blurred", who="ada")
    assert nearest(3, clip.red) is None


def test_a_timeline_may_be_asked_for_some_frames(clip: Clip) -> None:
    found = clip.project.objects_of_video(clip.video, first=2, last=3)
    assert [(each.frame, each.instance_id) for each in found] == [(2, 5), (2, 6), (3, 7), (3, 8)]
    assert found == clip.project.objects_of_video(clip.video)[4:8]


def test_all_objects_are_read_as_one_by_one(clip: Clip) -> None:
    project = clip.project
    project.assign_track([3, 11], None, who="ada")
    project.accept(1, kites.ACCEPTED, who="ada")
    project.place(4, kites.TOP, (1, 2), who="ada")
    project.flag(5, "who?", who="ada")
    project.flag(6, "who?", who="ada")
    project.resolve_flag(6, who="ada")
    spread = np.tile(np.eye(2), (len(kites.SCHEME), 1, 1))
    for instance in (4, 8):
        points = kites.ACCEPTED.points
        project.store_proposal(instance, points, spread, predicted_error=None, model="m")
    project.exclude(images=[clip.images[4]], instances=[11], why="blurred", who="ada")
    found = project.video_objects(clip.video)
    one_by_one = project.objects_of_video(clip.video)
    assert [each for n in range(6) for each in found.at(n)] == one_by_one
    assert found.of([4, 6, 99]) == [each for each in one_by_one if each.instance_id in (4, 6)]
    assert [found.has_bare([n]) for n in (1, 2, 4, 5, 6, 8, 9)] == [
        *(False, True, False, False, True, False, False)
    ]
    assert found.apart(3) == {clip.red: 0, clip.blue: 0, 0: 2}


def test_a_timeline_sees_what_is_labelled_proposed_and_flagged(clip: Clip) -> None:
    clip.project.accept(3, kites.ACCEPTED, who="ada")
    clip.project.flag(4, "who?", who="ada")
    clip.project.resolve_flag(clip.project.flag(1, "?", who="ada").instance_id or 0, who="ada")
    found = {each.instance_id: each for each in clip.project.objects_of_video(clip.video)}
    assert (found[3].frame, found[3].track_id, found[3].state) == (1, clip.red, "accepted")
    assert [i for i, each in found.items() if each.flagged] == [4]
    assert not any(each.proposed for each in found.values())


def test_one_frame_is_told_as_one(clip: Clip) -> None:
    swapped = clip.project.swap_tracks(clip.red, clip.blue, first=2, last=2, who="ada")
    assert swapped.title.endswith("in frame 2")
    with pytest.raises(ProjectError, match=r"has an object in frame 999\.") as told:
        clip.project.swap_tracks(clip.red, clip.blue, first=999, last=999, who="ada")
    assert "where one of them has one" in told.value.remedy
