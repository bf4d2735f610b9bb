"""The hand of the parsing protocol, and how labels of the renderer become parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import parsing_together
from landmark_annotator.annotator.protocols.datasets.head_masks import (
    PARTS,
    REGIONS,
    embedded_heads,
    merged,
)
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.parsing import (
    ENOUGH,
    MOST_CLICKS,
    clicked,
    drawn,
)
from landmark_annotator.annotator.protocols.parsing_together import (
    by_hand,
    landmark_figures,
    region_figures,
)
from landmark_annotator.projects.vocabulary import Box, Mask, RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

HAIR = REGIONS.index("hair") + 1


@dataclass(frozen=True)
class Obedient:
    """Knows nothing but clicks: squares of so many pixels around them."""

    reach: float

    def regions(self) -> tuple[str, ...]:
        return REGIONS

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
        covariances: Floats | None = None,
    ) -> RegionMap:
        height, width = pixels.shape[:2]
        likely = np.zeros((len(REGIONS), height, width), np.float32)
        rows, columns = np.mgrid[:height, :width]
        for click in clicks:
            near = np.maximum(abs(columns - click.x), abs(rows - click.y)) <= self.reach
            likely[REGIONS.index(click.region), near] = click.belongs
        return RegionMap(REGIONS, likely, Box.whole_image(width, height))


def test_parts_of_the_embedded_heads_have_their_names() -> None:
    heads = embedded_heads()
    seen = {REGIONS[label - 1] for head in heads for label in np.unique(head.labels) if label}
    assert seen == set(REGIONS)
    assert sum(head.frame is None for head in heads) == 120


def test_left_and_right_are_one_part() -> None:
    labels = np.array([REGIONS.index(name) + 1 for name in ("left eye", "right eye", "neck")])
    assert merged(labels.astype(np.uint8)).tolist() == [
        list(PARTS).index(name) + 1 for name in ("eyes", "eyes", "skin")
    ]
    assert merged(np.array([REGIONS.index("clothes") + 1, 0], np.uint8)).tolist() == [0, 0]


def test_the_hand_clicks_until_the_mask_is_good() -> None:
    head = embedded_heads()[0]
    truth = np.zeros(head.labels.shape, bool)
    truth[100:141, 100:141] = True
    overlaps = clicked(Obedient(20), head, head.instance.box, "hair", truth)
    assert overlaps[0] == 0
    assert overlaps[-1] > ENOUGH
    assert len(overlaps) == 2


def test_the_hand_gives_up() -> None:
    head = embedded_heads()[0]
    truth = np.ones(head.labels.shape, bool)
    overlaps = clicked(Obedient(2), head, head.instance.box, "hair", truth)
    assert len(overlaps) == MOST_CLICKS + 1


def test_nobody_draws_single_strands() -> None:
    exact = np.zeros((100, 100), bool)
    exact[20:60, 20:60] = True
    exact[40, 40], exact[80, :] = False, True
    meant = drawn(exact, 200.0)
    assert meant[40, 40]
    assert not meant[80].any()
    assert meant[25:55, 25:55].all()


def test_a_hand_draws_masks_off_by_what_its_clicks_are_and_no_part_gets_lost() -> None:
    head = embedded_heads()[0]
    drawn = by_hand(head, 0, 0)
    changed = float((drawn.labels != head.labels).mean())
    assert 0 < changed < 0.1
    assert set(np.unique(drawn.labels)) == set(np.unique(head.labels))
    assert (by_hand(head, 0, 0).labels == drawn.labels).all()
    assert (by_hand(head, 0, 1).labels != drawn.labels).any()


def test_told_landmarks_cost_what_clicks_are_left() -> None:
    heads = embedded_heads()[:2]
    steps: list[None] = []

    def mend(number: int, region: str, enough: float, told: bool) -> list[float]:
        return [0.8, 0.9] if told else [0.5, 0.6, 0.7, 0.9]

    found = region_figures(heads, mend, lambda: steps.append(None))
    assert found["parsing/together/skin/clicks_to_90/alone"] == 3
    assert found["parsing/together/skin/clicks_to_90/told_landmarks"] == 1
    assert found["parsing/together/skin/iou/told_landmarks"] == 80
    assert len(steps) == 2


class Begun(Exception):
    pass


class Mute:
    def propose(self, pixels: Pixels, box: Box) -> None:
        return None


def test_the_hand_that_clicks_on_landmarks_goes_by_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds: list[int] = []

    def clicked_with(count: int, seed: int, index: int) -> None:
        seeds.append(seed)
        raise Begun

    monkeypatch.setattr(parsing_together, "click_noise", clicked_with)
    with pytest.raises(Begun):
        landmark_figures(embedded_heads()[:1], Mute(), None, Options(seed=7), lambda: None)  # type: ignore[arg-type]
    assert seeds == [7]
