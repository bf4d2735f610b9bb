"""Which images are related, by what somebody said and by evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from landmark_annotator.projects.groups import (
    Grouping,
    grouped,
    in_dialog,
    in_window,
    project_groups,
)
from landmark_annotator.projects.groups.likeness import small_picture
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import GroupRule, GroupsBy, ImageRecord, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError


def images(*names: str, video: int | None = None) -> list[ImageRecord]:
    return [
        ImageRecord(n, Path("/set") / name, f"{n}", 64, 64, n, video, None if video is None else n)
        for n, name in enumerate(names, 1)
    ]


def nothing(some: Sequence[ImageRecord]) -> Mapping[int, Pixels]:
    return {}


def picture(seed: int) -> Pixels:
    """Smooth blobs, as different from others as photographs are."""
    noise = np.random.default_rng(seed).normal(size=(5, 5, 3))
    large = cv2.resize(noise, (64, 64), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(large * 50 + 128, 0, 255), dtype=np.uint8)


def groups(found: Grouping) -> list[list[int]]:
    members: dict[int, list[int]] = {}
    for image, leader in found.leaders.items():
        members.setdefault(leader, []).append(image)
    return list(members.values())


def test_nothing_known_names_the_risk() -> None:
    found = grouped(images("a.png", "b.png"), GroupRule(), nothing)
    assert groups(found) == [[1], [2]]
    # Of those that a figure rests on; among others there may be some.
    assert f"found among {len(found.leaders)} images." in found.sentence
    assert "say so, by annotator groups." in found.sentence
    assert "Related images" not in found.sentence
    shown = in_window(found.sentence)
    assert "say so, in the menu Project, Related images." in shown
    assert "annotator groups" not in shown
    # The dialog that this menu opens does not send people there.
    assert in_dialog(found.sentence).endswith("are too small: say so above.")


def test_what_somebody_says_goes_before_the_evidence() -> None:
    some = images(*[f"person_{p}_{v}.png" for p in range(4) for v in range(2)])
    assert len(groups(grouped(some, GroupRule(), nothing))) == 4
    assert len(groups(grouped(some, GroupRule(GroupsBy.NOTHING), nothing))) == 8
    by_view = GroupRule(GroupsBy.PATTERN, pattern=r"_(\d)\.png")
    assert groups(grouped(some, by_view, nothing)) == [[1, 3, 5, 7], [2, 4, 6, 8]]
    by_hand = GroupRule(GroupsBy.NAMES, names={1: "x", 8: "x"})
    assert [1, 8] in groups(grouped(some, by_hand, nothing))


def test_folders_are_groups_where_there_are_several() -> None:
    some = images(*[f"fly{f}/img{n}.png" for f in range(3) for n in range(4)])
    found = grouped(some, GroupRule(), nothing)
    assert [len(group) for group in groups(found)] == [4, 4, 4]
    assert found.findings[0].why == "folder"


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ActionableError, match="no regular expression"):
        grouped(images("a.png"), GroupRule(GroupsBy.PATTERN, pattern="("), nothing)


def test_frames_of_different_videos_are_apart_and_those_of_one_are_cut_in_time() -> None:
    first, second = images(*["a.mp4"] * 40, video=1), images(*["b.mp4"] * 80, video=2)[40:]
    both, found = (grouped(some, GroupRule(), nothing) for some in (first + second, first))
    assert [len(g) for g in groups(both)] == [40, 40]
    assert "export" not in both.sentence
    assert "A split of an export keeps the whole video together" in found.sentence
    alone = groups(found)
    assert len(alone) >= 8
    assert all(group == list(range(group[0], group[-1] + 1)) for group in alone)


def test_a_smaller_copy_of_a_photograph_is_found() -> None:
    some = images(*[f"photo{n}.png" for n in np.random.default_rng(0).permutation(20)])
    shown = {image.id: picture(image.id) for image in some}
    copy = cv2.resize(shown[3][1:, 1:], (40, 40), interpolation=cv2.INTER_AREA)
    shown[17] = np.asarray(np.clip(copy.astype(int) + 6, 0, 255), dtype=np.uint8)

    def pictures(_: Sequence[ImageRecord]) -> dict[int, Pixels]:
        return {i: small_picture(pixels) for i, pixels in shown.items()}

    found = grouped(some, GroupRule(), pictures)
    assert [group for group in groups(found) if len(group) > 1] == [[3, 17]]
    assert [finding.why for finding in found.findings] == ["near copies"]


def test_copies_in_other_folders_are_found_unless_they_join_most_folders() -> None:
    some = images(*[f"person{f}/img{n}.png" for f in range(6) for n in range(4)])
    own = {image.id: small_picture(picture(image.id)) for image in some}

    def one_copied(_: Sequence[ImageRecord]) -> dict[int, Pixels]:
        return own | {21: own[3]}

    def cages(_: Sequence[ImageRecord]) -> dict[int, Pixels]:
        return {i: own[1] if i % 4 else own[2] for i in own}

    found = grouped(some, GroupRule(), one_copied)
    assert sorted(map(len, groups(found))) == [4, 4, 4, 4, 8]
    assert [finding.why for finding in found.findings] == ["folder", "near copies"]
    assert sorted(map(len, groups(grouped(some, GroupRule(), cages)))) == [4] * 6


@pytest.fixture
def too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """20 photographs, near copies among 14 of which are looked for: 4 and 20 are labelled and one
    picture, as are 15 and 16, which are not."""
    shown = {n: small_picture(picture(n)) for n in range(1, 21)}
    shown |= {20: shown[4], 16: shown[15]}

    def small(_: Path, some: Sequence[ImageRecord]) -> dict[int, Pixels]:
        return {image.id: shown[image.id] for image in some}

    monkeypatch.setattr("landmark_annotator.projects.groups.grouping.small_pictures", small)
    monkeypatch.setattr("landmark_annotator.projects.groups.grouping.MOST", 14)
    names = np.random.default_rng(0).permutation(20)
    with Project.create(tmp_path / "project", Scheme("dot", ("a",))) as project:
        for n, name in zip(shown, names, strict=True):
            at = tmp_path / f"photo{name}.png"
            image = project.add_image(at, ImageFacts(64, 64, f"{n:064x}"))
            record = project.add_instance(image.id, Box(20, 20, 9, 9), who="ada")
            if n in (4, 20):
                project.accept(record.id, Shape(np.array([[20.0, 20.0]])), who="ada")
        yield project


def test_among_too_many_the_labelled_ones_are_compared_first(too_many: Project) -> None:
    found = project_groups(too_many)
    assert [group for group in groups(found) if len(group) > 1] == [[4, 20]]
    assert "among 14 images, those with labels first" in found.sentence


def test_of_too_many_a_training_finds_what_the_project_is_told(too_many: Project) -> None:
    found, whole = project_groups(too_many, [3, 4, 20]), project_groups(too_many)
    assert groups(found) == [[3], [4, 20]]
    assert all(found.leaders[i] == whole.leaders[i] for i in found.leaders)


def test_one_group_alone_is_called_a_risk() -> None:
    some = images(*[f"img{n}.png" for n in range(4)])
    sentence = grouped(some, GroupRule(GroupsBy.FOLDERS), nothing).sentence
    assert "too small" in sentence
    assert "no group is on both sides" not in sentence


def test_images_of_which_nothing_was_said_are_counted() -> None:
    some = images(*[f"person_{p}_{v}.png" for p in range(4) for v in range(2)], "new.png")
    pattern = GroupRule(GroupsBy.PATTERN, pattern=r"(person_[01])")
    assert "Nothing was said of 5 images" in grouped(some, pattern, nothing).sentence
    hand = GroupRule(GroupsBy.NAMES, names=dict.fromkeys(range(1, 9), "x"))
    assert "Nothing was said of 1 image:" in grouped(some, hand, nothing).sentence


def test_pictures_that_change_slowly_are_cut_into_stretches_of_time() -> None:
    some = images(*[f"img{n:03}.png" for n in range(60)])
    random = np.random.default_rng(0)
    track = np.cumsum(random.normal(size=(60, 8, 8)), axis=0)

    def pictures(_: Sequence[ImageRecord]) -> dict[int, Pixels]:
        frames = [cv2.resize(one, (24, 24)) * 8 + 128 for one in track]
        return {n: np.clip(f, 0, 255).astype(np.uint8) for n, f in enumerate(frames, 1)}

    found = groups(grouped(some, GroupRule(), pictures))
    assert len(found) >= 8
    assert all(group == list(range(group[0], group[-1] + 1)) for group in found)

    more = [*some, replace(some[30], id=61, path=Path("/other/again.png"))]
    shown = {**pictures(more), 61: pictures(more)[31]}
    with_copy = grouped(more, GroupRule(), lambda _: shown).leaders
    assert with_copy[61] == with_copy[31]


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """400 frames as single images, each a little like the one before."""
    noise = np.random.default_rng(0).normal(size=(401, 8, 8))
    track = noise[1:] + 0.2 * noise[:-1]
    frames = [np.clip(cv2.resize(one, (24, 24)) * 30 + 128, 0, 255) for one in track]
    shown = {n: frame.astype(np.uint8) for n, frame in enumerate(frames, 1)}
    looked = list[int]()

    def small(_: Path, some: Sequence[ImageRecord]) -> dict[int, Pixels]:
        looked.extend(image.id for image in some)
        return {image.id: shown[image.id] for image in some}

    monkeypatch.setattr("landmark_annotator.projects.groups.grouping.small_pictures", small)
    with Project.create(tmp_path / "many", Scheme("dot", ("a",))) as project:
        for n in shown:
            project.add_image(tmp_path / f"img{n:03}.png", ImageFacts(64, 64, f"{n:064x}"))
        yield project
    assert len({*looked}) < len(shown)


def test_a_few_of_many_images_are_grouped_as_the_project_is_told(many: Project) -> None:
    few = [image.id for image in many.images()][::30]
    assert len(groups(grouped(many.images()[::30], GroupRule(), nothing))) == len(few)
    found = project_groups(many, few)
    assert [each.why[:4] for each in found.findings] == ["time"]
    assert len(found.sizes) < len(few)


def test_a_few_frames_of_one_video_are_told_as_such() -> None:
    """No related images were said to be found among neighbours of one scene."""
    frames = images("a.png", "b.png", "c.png", video=1)
    assert "All 3 images are frames of one video" in grouped(frames, GroupRule(), nothing).sentence
    lone = replace(images("d.png")[0], id=9)
    told = grouped([*frames, lone], GroupRule(), nothing).sentence
    assert "3 of 4 images are frames of one video" in told
    assert "of one video" not in grouped([frames[0], lone], GroupRule(), nothing).sentence


def test_of_a_few_frames_all_say_whether_they_follow_each_other() -> None:
    some = images(*[f"img{n:03}.png" for n in range(60)])
    noise = np.random.default_rng(0).normal(size=(61, 8, 8))
    track = noise[1:] + 0.2 * noise[:-1]
    frames = [np.clip(cv2.resize(one, (24, 24)) * 30 + 128, 0, 255) for one in track]
    shown = {n: frame.astype(np.uint8) for n, frame in enumerate(frames, 1)}
    few = some[:14]
    assert len(groups(grouped(few, GroupRule(), lambda _: shown))) == 14
    assert len(groups(grouped(few, GroupRule(), lambda _: shown, some))) < 14
