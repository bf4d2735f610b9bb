"""Splits: what stays together, how even the parts are, and what later images change."""

import time
from collections import Counter
from pathlib import Path

import pytest

from landmark_annotator.projects.exchange import Split
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary.errors import ActionableError


def image(number: int, name: str = "", folder: str = "f", video: int | None = None) -> ImageRecord:
    path = Path("/photos") / folder / (name or f"{number}.png")
    return ImageRecord(number, path, f"{number:064x}", 4, 3, number, video, number)


def test_every_part_gets_its_share() -> None:
    parts = Split.parse("80/10/10").parts([image(n) for n in range(200)])

    assert Counter(parts.values()) == {"train": 160, "validation": 20, "test": 20}


def test_every_folder_is_split_evenly() -> None:
    images = [image(n, folder="abc"[n % 3]) for n in range(60)]

    parts = Split.parse("50/50").parts(images)

    for folder in "abc":
        inside = Counter(parts[i.id] for i in images if i.path.parent.name == folder)
        assert inside == {"train": 10, "test": 10}


def test_the_seed_decides() -> None:
    images = [image(n) for n in range(50)]

    assert Split.parse("80/20", 1).parts(images) == Split.parse("80/20", 1).parts(images)
    assert Split.parse("80/20", 1).parts(images) != Split.parse("80/20", 2).parts(images)


def test_a_subject_is_in_one_part() -> None:
    images = [image(n, f"subject{n // 3}_{n}.png") for n in range(90)]

    parts = Split.parse("60/20/20", group=r"([^/]+)_\d+").parts(images)

    for subject in range(30):
        assert len({parts[n] for n in range(3 * subject, 3 * subject + 3)}) == 1
    assert Counter(parts.values()) == {"train": 54, "validation": 18, "test": 18}


def test_a_folder_can_be_the_group() -> None:
    images = [image(n, folder=str(n // 5)) for n in range(50)]

    parts = Split.parse("80/20", group="folder").parts(images)

    assert all(len({parts[n] for n in range(f, f + 5)}) == 1 for f in range(0, 50, 5))


def test_a_video_is_in_one_part() -> None:
    images = [image(n, video=n // 10) for n in range(100)]

    parts = Split.parse("80/10/10").parts(images)

    assert all(len({parts[n] for n in range(v, v + 10)}) == 1 for v in range(0, 100, 10))
    assert Counter(parts.values()) == {"train": 80, "validation": 10, "test": 10}


def test_a_video_of_two_subjects_ties_both_together() -> None:
    images = [image(0, "a_1.png"), image(1, "a_2.png", video=7), image(2, "b_1.png", video=7)]

    groups = Split.parse("50/50", group=r"([^/]+)_\d").groups(images)

    assert [[i.id for i in group] for group in groups] == [[0, 1, 2]]


def test_images_that_the_pattern_does_not_fit_are_on_their_own() -> None:
    images = [image(n, f"{n}.png") for n in range(4)]

    assert len(Split.parse("50/50", group=r"subject(\d+)").groups(images)) == 4


@pytest.mark.parametrize("group", [None, r"([^/]+)_\d+"])
def test_later_images_move_no_earlier_one(group: str | None) -> None:
    split = Split.parse("80/10/10", seed=3, group=group)
    images = [image(n, f"s{n // 4}_{n}.png", folder="ab"[n % 2]) for n in range(40)]
    before = split.parts(images)
    more = [image(40 + n, f"s{n}_{40 + n}.png", folder="abc"[n % 3]) for n in range(60)]

    after = split.parts(images + more)

    assert {n: after[n] for n in before} == before


@pytest.mark.parametrize("text", ["80/30", "100", "a/b", "50/25/15/10", "110/-10", ""])
def test_shares_that_are_none(text: str) -> None:
    with pytest.raises(ActionableError):
        Split.parse(text)


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(ActionableError, match="no regular expression"):
        Split.parse("80/20", group="(")


def test_a_long_video_and_many_folders_are_split_at_once() -> None:
    video = [image(n, "clip.mp4", video=1) for n in range(6000)]
    folders = [image(n, folder=str(n)) for n in range(6000, 18_000)]
    began = time.process_time()

    parts = Split.parse("80/10/10").parts([*video, *folders])

    assert len({parts[n] for n in range(6000)}) == 1
    assert len(parts) == 18_000
    assert time.process_time() - began < 6  # where each looked at all before it: half a minute
