"""Images that are not shown as the labelled ones are: where nothing is known, what else they may be
is looked at."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.however_shown import however_shown, stretched
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Pixels

_BOX = Box(20.0, 30.0, 10.0, 16.0, 0.25)
_PIXELS = np.repeat(np.linspace(100, 140, 60 * 50).astype(np.uint8).reshape(60, 50, 1), 3, axis=2)
_BLACK = np.zeros_like(_PIXELS)
"""In which there is nothing to see in whatever light."""

Look = Callable[[Pixels, Box], Proposal]


def _proposal(box: Box, novelty: float | None) -> Proposal:
    mixture = ShapeMixture(np.zeros(1), np.zeros((1, 3, 2)), np.eye(6) * 1e-4)
    return Proposal(box, mixture, "made-up", novelty=novelty)


def _from_sides(asked: list[Box], *novelties: float | None) -> Look:
    """Of a model to which the box is so novel as it lies, and after one, two and three quarters;
    a negative is nothing to it."""

    def look(pixels: Pixels, box: Box) -> Proposal:
        if pixels.max() > 0:
            return _proposal(box, 100.0)
        asked.append(box)
        quarters = round((box.angle - _BOX.angle) / (math.pi / 2)) % 4
        return _proposal(box, novelties[quarters])

    return look


@pytest.mark.parametrize("novelty", [1.0, 0.4, None])
def test_what_a_model_knows_or_cannot_judge_is_looked_at_once(novelty: float | None) -> None:
    asked: list[Box] = []

    proposal = however_shown(_from_sides(asked, novelty, 0.1, 0.1, 0.1), _BLACK, _BOX)

    assert asked == [_BOX]
    assert proposal.box == _BOX


def test_it_is_seen_from_the_side_from_which_it_is_most_familiar() -> None:
    proposal = however_shown(_from_sides([], 30.0, 0.9, 0.3, 12.0), _BLACK, _BOX)

    assert proposal.box.angle == pytest.approx(_BOX.angle + math.pi)


def test_what_nothing_is_known_of_from_any_side_stays_as_it_lies() -> None:
    proposal = however_shown(_from_sides([], 30.0, 4.0, 2.0, 1.5), _BLACK, _BOX)

    assert proposal.box == _BOX


def test_objects_that_have_a_heading_are_not_looked_at_from_other_sides() -> None:
    asked: list[Box] = []

    however_shown(_from_sides(asked, 30.0, 0.1, 0.1, 0.1), _BLACK, _BOX, turned=False)

    assert asked == [_BOX]


def test_it_is_the_same_place_that_is_seen_from_every_side() -> None:
    asked: list[Box] = []
    however_shown(_from_sides(asked, 30.0, 4.0, 2.0, 1.5), _BLACK, _BOX)

    def corners(box: Box) -> set[tuple[float, float]]:
        half = np.array([box.width, box.height]) / box.side / 2
        signs = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
        return {(round(x, 6), round(y, 6)) for x, y in box.to_image(signs * half).tolist()}

    assert len(asked) == 4
    assert all(corners(box) == corners(_BOX) for box in asked)


def _knows(known: Callable[[Pixels], bool]) -> Look:
    return lambda pixels, box: _proposal(box, 0.5 if known(pixels) else 5.0)


def test_a_pale_image_is_seen_with_all_levels_from_black_to_white() -> None:
    proposal = however_shown(_knows(lambda seen: int(np.ptp(seen)) > 240), _PIXELS, _BOX)

    assert not proposal.unfamiliar


def test_a_dark_image_is_seen_with_its_middle_in_the_middle() -> None:
    dark = (255 * (np.linspace(0, 1, 60 * 50) ** 4)).astype(np.uint8).reshape(60, 50, 1)
    around = Box(25.0, 30.0, 60.0, 60.0)

    def known(seen: Pixels) -> bool:
        return 115 < np.median(seen) < 140

    proposal = however_shown(_knows(known), np.repeat(dark, 3, axis=2), around)

    assert not proposal.unfamiliar


def test_a_negative_is_seen_as_what_it_is_of() -> None:
    look = _knows(lambda seen: bool((seen == 255 - _PIXELS).all()))

    proposal = however_shown(look, _PIXELS, _BOX)

    assert not proposal.unfamiliar


def test_what_is_known_in_no_light_is_seen_in_that_in_which_it_is_least_novel() -> None:
    def look(pixels: Pixels, box: Box) -> Proposal:
        return _proposal(box, 2.0 if np.ptp(pixels) > 240 else 4.0)

    assert however_shown(look, _PIXELS, _BOX).novelty == 2.0


def test_a_negative_that_is_no_more_known_is_not_preferred() -> None:
    looked = list[Pixels]()

    def look(pixels: Pixels, box: Box) -> Proposal:
        looked.append(pixels)
        return _proposal(box, 1.5 if (pixels == 255 - _PIXELS).all() else 3.0)

    assert however_shown(look, _PIXELS, _BOX, turned=False).novelty == 3.0
    assert any((seen == 255 - _PIXELS).all() for seen in looked)


def test_it_may_be_told_not_to_look_in_other_light() -> None:
    look = _knows(lambda seen: int(np.ptp(seen)) > 240)

    proposal = however_shown(look, _PIXELS, _BOX, light=False)

    assert proposal.unfamiliar


@pytest.mark.parametrize("box", [Box(-400.0, 20.0, 30.0, 30.0), Box(20.0, 30.0, 0.2, 0.2)])
def test_a_box_beyond_the_image_or_within_a_pixel_is_looked_at_like_others(box: Box) -> None:
    assert however_shown(_knows(lambda seen: False), _PIXELS, box).box == box


@pytest.mark.parametrize("flat", [np.full((9, 9, 3), 77, np.uint8), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_of_one_grey_or_nothing_has_no_levels_to_stretch(flat: Pixels) -> None:
    assert stretched(flat) is None


def test_light_that_is_as_usual_already_is_not_looked_at_again() -> None:
    usual = np.repeat(np.linspace(0, 255, 60 * 50).astype(np.uint8).reshape(60, 50, 1), 3, axis=2)
    looked = list[Pixels]()

    def look(pixels: Pixels, box: Box) -> Proposal:
        looked.append(pixels)
        return _proposal(box, 3.0)

    however_shown(look, usual, Box(25.0, 30.0, 60.0, 60.0), turned=False)

    assert len(looked) == 2  # itself and its negative
