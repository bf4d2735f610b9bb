"""The folder of copies keeps to its limit, whoever else writes there."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landmark_annotator.projects.remote import cache, place_of, settings
from landmark_annotator.projects.vocabulary.errors import ActionableError, DiskFull


def put(name: str, size: int, used: int) -> Path:
    """used: a time, of whatever unit."""
    place = place_of(f"s3://bucket/{name}")
    with cache.unfinished() as file:
        file.write_bytes(b"x" * size)
        cache.put(file, place)
    os.utime(place, (used, used))
    return place


@pytest.fixture(autouse=True)
def _limit(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_CACHE_LIMIT", "1000")


def test_what_was_used_longest_ago_leaves_first() -> None:
    first, second, third = (put(f"{i}.png", 300, i) for i in range(3))
    cache.used(first)
    put("3.png", 300, 3)
    assert [place.exists() for place in (first, second, third)] == [True, False, True]


def test_it_never_holds_more_than_its_limit(sources: Path) -> None:
    for number in range(30):
        put(f"{number}.png", 90, number)
        assert cache.measure()[1] <= 1000


def test_what_others_put_there_counts(sources: Path) -> None:
    put("0.png", 100, 0)
    foreign = sources / "images" / "s3" / "bucket" / "foreign.png"
    foreign.write_bytes(b"x" * 800)
    os.utime(foreign, (1, 1))
    put("1.png", 400, 2)
    assert not foreign.exists()
    assert cache.measure()[1] <= 1000


def test_one_that_cannot_fit_is_refused() -> None:
    with pytest.raises(DiskFull, match="annotator sources --cache-limit"):
        put("large.png", 1001, 0)
    assert cache.measure() == (0, 0)


def test_several_at_once_lose_nothing_but_room() -> None:
    with ThreadPoolExecutor(4) as threads:
        places = list(threads.map(lambda i: put(f"{i}.png", 90, i), range(40)))
    assert all(place.read_bytes() == b"x" * 90 for place in places if place.exists())


def test_what_a_killed_process_left_goes_after_a_day(sources: Path) -> None:
    left = sources / "unfinished" / "left"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    cache.measure()
    assert left.exists()
    os.utime(left, (0, 0))
    cache.measure()
    assert not left.exists()


def test_small_pictures_count_and_are_made_once() -> None:
    made = []

    def make(file: Path) -> None:
        made.append(file)
        file.write_bytes(b"small")

    assert cache.kept("thumbnails/a.png", make).read_bytes() == b"small"
    cache.kept("thumbnails/a.png", make)
    assert len(made) == 1
    assert cache.measure() == (1, 5)
    assert cache.clear() == 5


def test_a_size_is_read_as_people_write_it() -> None:
    assert settings.size("20GB") == 20_000_000_000
    assert settings.size(" 1.5 mb ") == 1_500_000
    assert settings.size("4k") == 4_000
    for text in ("", "GB", "-1", "ten", "0"):
        with pytest.raises(ActionableError, match="is no size"):
            settings.size(text)
