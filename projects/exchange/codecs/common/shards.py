"""Data sets in files of about one size, which programs read side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain
from typing import TypeVar

from landmark_annotator.projects.vocabulary.errors import FormatError

USUAL = 500_000_000
"""Bytes: what Hugging Face's own programs write, and what WebDataset's advise."""

_most: ContextVar[int] = ContextVar("most", default=USUAL)
Sample = TypeVar("Sample")


@contextmanager
def shards_of(megabytes: float | None) -> Iterator[None]:
    """Inside it a shard has so many at most, unless one sample is larger. Raises FormatError."""
    if megabytes is not None and not 0.001 <= megabytes <= 1e6:
        raise FormatError(
            f"Shards of {megabytes:g} MB cannot be written.",
            kept="Nothing was written.",
            remedy="Choose 0.001 to 1,000,000.",
        )
    token = _most.set(USUAL if megabytes is None else int(megabytes * 1e6))
    try:
        yield
    finally:
        _most.reset(token)


def in_shards(samples: Iterator[tuple[Sample, int]]) -> Iterator[Iterator[Sample]]:
    """samples: each with its size in bytes. Each shard is to be gone through before the next is
    asked for, so that no more than two samples are held at a time."""
    waiting = list[tuple[Sample, int]]()

    def shard(first: tuple[Sample, int], most: int) -> Iterator[Sample]:
        total = 0
        for sample, size in chain([first], samples):
            if total and total + size > most:
                waiting.append((sample, size))
                return
            total += size
            yield sample

    for first in samples:
        waiting.append(first)
        while waiting:
            yield shard(waiting.pop(), _most.get())
