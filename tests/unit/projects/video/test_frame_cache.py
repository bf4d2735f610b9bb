"""Decoded frames are kept within a limit, and those that come next are made beside."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from threading import Event, Semaphore

import numpy as np
import pytest

from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.video import FrameCache, VideoReader
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from tests.unit.projects.video.encoded import HEIGHT, WIDTH

Video = Callable[..., Path]
BYTES = 3 * WIDTH * HEIGHT


@pytest.fixture
def cache() -> Iterator[FrameCache]:
    made = FrameCache(read_pixels, limit=5 * BYTES, ahead=0)
    yield made
    made.close()


def test_it_gives_what_the_video_has(video: Video, cache: FrameCache) -> None:
    path = video()
    reader = VideoReader(path)
    for number in (7, 3, 4, 5, 59, 7):
        assert np.array_equal(cache.pixels(path, number), reader.pixels(number))
    reader.close()


def test_no_more_is_kept_than_the_limit(video: Video, cache: FrameCache) -> None:
    path = video()
    for number in range(0, 60, 7):
        cache.pixels(path, number)
        assert cache.bytes <= 5 * BYTES


def test_a_frame_larger_than_the_limit_is_given_all_the_same(video: Video) -> None:
    small = FrameCache(read_pixels, limit=10, ahead=0)
    assert small.pixels(video(), 3).shape == (HEIGHT, WIDTH, 3)
    small.close()


def test_a_frame_that_is_kept_is_not_decoded_again(video: Video, cache: FrameCache) -> None:
    path = video()
    assert cache.pixels(path, 20) is cache.pixels(path, 20)


def test_the_frames_before_it_come_with_it(video: Video, cache: FrameCache) -> None:
    """Whoever goes back wants them next, and they had to be decoded."""
    path = video()
    reader = VideoReader(path)
    cache.pixels(path, 20)
    assert all(cache.holds(path, number) for number in (17, 18, 19))
    assert np.array_equal(cache.pixels(path, 19), reader.pixels(19))
    assert cache.pixels(path, 19) is cache.pixels(path, 19)
    reader.close()


def test_frames_that_were_only_passed_take_half_the_memory(video: Video) -> None:
    """Nobody makes colours of what may never be asked for, which takes as long as to decode it."""
    with_many = FrameCache(read_pixels, ahead=0)
    path = video()
    with_many.pixels(path, 20)
    assert with_many.bytes < 0.7 * 21 * BYTES
    for number in range(20):
        with_many.pixels(path, number)
    assert with_many.bytes == 21 * BYTES
    with_many.close()


def test_a_file_that_changed_is_read_anew(video: Video, cache: FrameCache) -> None:
    path = video()
    before = cache.pixels(path, 3).copy()
    video(frames=10, options={"crf": "40"})
    os.utime(path, ns=(1, 1))
    assert len(cache.index(path)) == 10
    assert not np.array_equal(cache.pixels(path, 3), before)


def test_nobody_writes_into_what_is_kept(video: Video, cache: FrameCache) -> None:
    with pytest.raises(ValueError, match="read-only"):
        cache.pixels(video(), 3)[0, 0] = 0


def test_travelling_on_gives_the_same_frames(video: Video) -> None:
    path = video()
    reader, cache = VideoReader(path), FrameCache(read_pixels, ahead=4)
    for number in (*range(20, 40), *range(39, 10, -1)):
        assert np.array_equal(cache.pixels(path, number), reader.pixels(number))
    cache.close()
    reader.close()


def test_a_video_that_went_away_is_named(video: Video, cache: FrameCache) -> None:
    path = video()
    cache.pixels(path, 0)
    path.unlink()
    with pytest.raises(ImageError, match="There is no video"):
        cache.pixels(path, 1)


def test_nobody_waits_for_a_frame_that_somebody_else_decodes(
    video: Video, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thumbnail far from its key frame takes most of a second."""
    path = video()
    reader = VideoReader(path)
    begun, enough = Event(), Event()
    decode = VideoReader.pixels

    def slow(self: VideoReader, number: int, *how: object) -> Pixels:
        if number == 50:
            begun.set()
            assert enough.wait(20)
        return decode(self, number, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(VideoReader, "pixels", slow)
    with ThreadPoolExecutor(2) as pool:
        thumbnail = pool.submit(cache.pixels, path, 50)
        assert begun.wait(20)
        other = pool.submit(cache.pixels, path, 3)
        try:
            assert np.array_equal(other.result(timeout=10), reader.pixels(3))
            assert cache.holds(path, 3)
        finally:
            enough.set()
        assert np.array_equal(thumbnail.result(), reader.pixels(50))
    reader.close()


def test_frames_on_one_way_are_decoded_once(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame that somebody goes to, the ones after it that are prepared, and the thumbnails
    round it: each alone would begin at the same key frame."""
    path, begun, enough = video(), Event(), Event()
    begin, begins = VideoReader._begin, list[int]()

    def spied(self: VideoReader, key_frame: int) -> None:
        begins.append(key_frame)
        begun.set()
        assert enough.wait(20)
        begin(self, key_frame)

    monkeypatch.setattr(VideoReader, "_begin", spied)
    cache = FrameCache(read_pixels, ahead=0)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(cache.pixels, path, 20)
        assert begun.wait(20)
        others = [pool.submit(cache.pixels, path, number) for number in (21, 19, 22)]
        assert not wait(others, timeout=0.3).done
        enough.set()
        found = [each.result(timeout=20) for each in (first, *others)]
    assert len(begins) == 1
    reader = VideoReader(path)
    for number, pixels in zip((20, 21, 19, 22), found, strict=True):
        assert np.array_equal(pixels, reader.pixels(number))
    reader.close()
    cache.close()


def test_many_at_once_get_what_they_asked_for(video: Video, cache: FrameCache) -> None:
    path = video()
    with ThreadPoolExecutor(8) as pool:
        order = np.random.default_rng(2).permutation(60).tolist()
        found = list(pool.map(partial(cache.pixels, path), order))
    reader = VideoReader(path)
    for number, pixels in zip(order, found, strict=True):
        assert np.array_equal(pixels, reader.pixels(number)), number
    reader.close()


def test_who_waits_for_a_reader_gets_one_though_the_video_is_closed_meanwhile(
    video: Video, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = video(options={"g": "12"})
    begun, enough = Semaphore(0), Event()
    decode = VideoReader.pixels

    def slow(self: VideoReader, number: int, *how: object) -> Pixels:
        if number > 3:
            begun.release()
            assert enough.wait(20)
        return decode(self, number, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(VideoReader, "pixels", slow)
    with ThreadPoolExecutor(4) as pool:
        busy = [pool.submit(cache.pixels, path, number) for number in (14, 26, 50)]
        assert all(begun.acquire(timeout=20) for _ in busy)
        waiting = pool.submit(cache.pixels, path, 3)
        assert not wait([waiting], timeout=0.3).done
        cache.close()
        enough.set()
        assert waiting.result(timeout=10).shape == (HEIGHT, WIDTH, 3)
