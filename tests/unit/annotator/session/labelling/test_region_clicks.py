"""What a click says of a region, with a network and without one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.labelling.region_clicks import (
    Question,
    answered,
    standing,
)
from landmark_annotator.projects.vocabulary import Box, Mask, RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

BOX = Box(100.0, 75.0, 120.0, 120.0)
NOWHERE = np.full((2, 2), np.nan)


def photograph() -> Pixels:
    """A dark disc and a light one on grey, with noise."""
    y, x = np.mgrid[:150, :200]
    pixels = np.full((150, 200, 3), 120.0)
    pixels[np.hypot(x - 80, y - 70) < 25] = (70, 40, 30)
    pixels[np.hypot(x - 130, y - 80) < 15] = (220, 190, 170)
    noise = np.random.default_rng(3).normal(0, 3, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


DARK = Mask.of(np.hypot(*np.ogrid[-70:80, -80:120]) < 25)


def asked(*clicks: RegionClick, **previous: Mask) -> Question:
    return Question(photograph(), BOX, NOWHERE, previous, clicks)


def test_a_click_takes_what_it_lies_on() -> None:
    found = answered(asked(RegionClick("hair", 80, 70)), None)

    assert found.overlap(DARK) > 0.85
    light = RegionClick("hair", 130, 80)
    more = answered(asked(RegionClick("hair", 80, 70), light, hair=found), None)
    assert more.holds(130, 80)
    assert found - more == Mask()


def test_a_click_that_says_no_takes_away_what_it_lies_on_and_nothing_else() -> None:
    whole = Mask.of(np.ones((150, 200), dtype=bool))

    found = answered(asked(RegionClick("hair", 80, 70, belongs=False), hair=whole), None)

    assert (whole - found).overlap(DARK) > 0.85
    assert found.holds(130, 80)


@dataclass
class Network:
    """Says that the left half of the box is hair, the right half skin."""

    told: list[Any] = field(default_factory=list)

    def regions(self) -> tuple[str, ...]:
        return "hair", "skin"

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
        covariances: Floats | None = None,
    ) -> RegionMap:
        self.told.append((box, dict(previous), tuple(clicks)))
        likely = np.zeros((2, 8, 8))
        likely[0, :, :4] = likely[1, :, 4:] = 0.9
        return RegionMap(self.regions(), likely, box)


def test_a_network_is_told_all_that_is_known_and_believed() -> None:
    network, click = Network(), RegionClick("hair", 60, 70)

    found = answered(asked(click, skin=DARK), network)

    assert network.told == [(BOX, {"skin": DARK}, (click,))]
    left, _, width, _ = found.bounds
    assert abs(left - 40) <= 8
    assert abs(left + width - 100) <= 1
    assert found.holds(90, 70)


def test_what_a_person_has_drawn_changes_around_the_click_alone() -> None:
    far = Mask.of(np.ones((10, 10), dtype=bool), 150, 10)
    question = replace(asked(RegionClick("hair", 60, 70), hair=far), drawn=True)
    found = answered(question, Network())
    assert (far - found).area == 0, "the network has nothing there"
    assert found.holds(45, 120)
    off = replace(asked(RegionClick("hair", 155, 15, False), hair=found), drawn=True)
    left = answered(off, Network())
    assert not (left & far)
    assert left == found - far


def test_a_region_that_the_network_does_not_know_is_found_by_colours() -> None:
    network = Network()

    assert answered(asked(RegionClick("hat", 80, 70)), network).overlap(DARK) > 0.85
    assert not network.told


def test_a_click_is_true_at_its_own_place_whatever_the_network_believes() -> None:
    on = RegionClick("hair", 140, 70)
    off = RegionClick("hair", 60, 70, belongs=False)

    assert answered(asked(on), Network()).holds(140, 70)
    assert not answered(asked(off), Network()).holds(60, 70)


def test_colours_answer_where_the_network_has_not_looked() -> None:
    question = replace(asked(RegionClick("hair", 80, 70)), box=Box(180.0, 130.0, 40.0, 40.0))

    assert answered(question, Network()).holds(80, 70)


def test_clicks_that_were_taken_back_or_drawn_over_say_nothing() -> None:
    on, off = RegionClick("hair", 80, 70), RegionClick("hair", 10, 10, belongs=False)

    assert standing([on, off], {"hair": DARK}) == [on, off]
    assert standing([on, off], {}) == [off]
    assert standing([on, off], {"hair": Mask.of(np.ones((150, 200), dtype=bool))}) == [on]
