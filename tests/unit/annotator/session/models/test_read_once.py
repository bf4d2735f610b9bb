"""Photographs are read once while ways of learning from them are compared."""

from dataclasses import replace

import pytest

from landmark_annotator.annotator.session.models.prior_model import judged_registration
from landmark_annotator.annotator.session.models.read_once import read_once
from landmark_annotator.backends.registration import EitherWay
from landmark_annotator.backends.shapes.fitting.facing import mirrored_instance
from landmark_annotator.projects.vocabulary import LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from tests.unit.backends.registration.textures import (
    POINTS,
    SCHEME,
    SIDE,
    bent,
    instance,
    texture_of,
)


class Photograph:
    """Counts how often it is read."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels, self.reads = pixels, 0

    def read(self) -> Pixels:
        self.reads += 1
        return self.pixels


def taking(photograph: Photograph, key: str) -> LabelledInstance:
    return replace(instance(photograph.pixels, POINTS, key), read_pixels=photograph.read)


def test_a_photograph_is_read_once_however_many_ways_are_tried() -> None:
    photographs, labelled = [], []
    for seed in range(4):
        one = instance(*bent(seed), str(seed))
        # Some face the other way: all as they are is one way to learn, and mirroring these another.
        one = mirrored_instance(one, SCHEME) if seed % 3 == 1 else one
        photographs.append(Photograph(one.read_pixels()))
        labelled.append(replace(one, read_pixels=photographs[-1].read))
    found, _ = judged_registration(labelled, SCHEME)
    assert isinstance(found, EitherWay)
    assert [each.reads for each in photographs] == [1] * 4


def test_two_objects_of_one_photograph_read_it_once() -> None:
    photograph = Photograph(texture_of(0))
    with read_once([taking(photograph, "0"), taking(photograph, "1")]) as found:
        assert [each.read_pixels().shape for each in found] == [(SIDE, SIDE, 3)] * 2
    assert photograph.reads == 1


def test_no_more_bytes_are_kept_than_allowed_and_none_afterwards() -> None:
    photographs = [Photograph(texture_of(0)) for _ in range(3)]
    labelled = [taking(each, str(n)) for n, each in enumerate(photographs)]
    with read_once(labelled, limit=2 * texture_of(0).nbytes) as found:
        for _ in range(3):
            for each in found:
                assert (each.read_pixels() == texture_of(0)).all()
    assert [each.reads for each in photographs] == [1, 1, 3]
    found[0].read_pixels()
    found[0].read_pixels()
    assert photographs[0].reads == 3


def test_nobody_writes_to_what_others_read() -> None:
    photograph = Photograph(texture_of(0))
    with read_once([taking(photograph, "0")]) as found:
        with pytest.raises(ValueError, match="read-only"):
            found[0].read_pixels()[:] = 0
        photograph.pixels[0, 0] = 0  # Whose it is may.


def test_a_photograph_that_is_gone_is_asked_for_again() -> None:
    def gone() -> Pixels:
        raise ImageError("It is gone.", remedy="Put it back.")

    one = replace(instance(texture_of(0), POINTS), read_pixels=gone)
    with read_once([one]) as found:
        for _ in range(2):
            with pytest.raises(ImageError):
                found[0].read_pixels()
