"""A network of two stages that learns one region from a few drawn scenes in seconds."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.parsers import (
    HAIR,
    PARSING,
    load_parser,
    load_parsers,
    train_parser,
)
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary import SILENT, RegionClick, RegionMap, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    TooFewLabels,
    WeightsMismatch,
)
from tests.button_scenes import BUTTON, SCENES, scene

SETTINGS = {
    "region": "disk", "epochs": 3, "size": 64, "features": 8, "disturbed": False,
    "learning_rate": 0.005,
}  # fmt: skip
PARSING_SETTINGS = {
    "trunk": "none", "epochs": 3, "size": 64, "features": 8, "disturbed": False,
    "learning_rate": 0.02,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("hair")
    train_parser(HAIR)(SCENES, BUTTON, target, SETTINGS, SILENT)
    return target


@pytest.fixture(scope="module")
def trained(folder: Path) -> Segmenting:
    return load_parser(folder, BUTTON, backend=HAIR)


def segmented(model: Segmenting, *clicks: RegionClick) -> RegionMap:
    instance = scene(99).instance
    nowhere = np.full((2, 2), np.nan)
    return model.segment(instance.read_pixels(), instance.box, nowhere, {}, clicks)


def chances(found: RegionMap, right: float) -> dict[str, float]:
    """So many pixels to the right of the middle of the scene."""
    box = scene(99).instance.box
    cells = found.probabilities.shape[1]
    x, y = found.box.to_frame(np.array([[box.centre_x + right, box.centre_y]]))[0] + 0.5
    here = found.probabilities[:, int(y * cells), int(x * cells)]
    return dict(zip(found.regions, here.tolist(), strict=True))


def test_it_finds_the_one_region_of_what_it_has_not_seen(trained: Segmenting) -> None:
    assert trained.regions() == ("disk",)
    found = segmented(trained)
    assert chances(found, 14)["disk"] > 0.5
    assert chances(found, 35)["disk"] < 0.5


def test_a_click_is_true_where_it_is(trained: Segmenting) -> None:
    middle = scene(99).instance.box
    outside = middle.centre_x + 35, middle.centre_y
    found = segmented(trained, RegionClick("disk", *outside))
    assert chances(found, 35)["disk"] > 0.5


def test_its_card_tells_what_it_is(folder: Path) -> None:
    card = read_card(folder)
    assert card["backend"] == "hair"
    assert card["regions"] == ["disk"]
    assert card["settings"]["region"] == "disk"
    assert card["figures"]["held_out_overlaps"]["disk"] > 50


def test_beside_the_parsing_network_it_has_its_own_word_about_its_region(
    folder: Path, trained: Segmenting, tmp_path: Path
) -> None:
    train_parser()(SCENES, BUTTON, tmp_path, PARSING_SETTINGS, SILENT)
    both = load_parsers({PARSING.name: tmp_path, HAIR.name: folder}, BUTTON)
    assert both.regions() == ("hole", "disk")
    found, alone = segmented(both), segmented(trained)
    assert found.probabilities[1] == pytest.approx(alone.probabilities[0], abs=1e-3)
    assert found.probabilities.sum(axis=0).max() < 1 + 1e-4
    middle = scene(99).instance.box
    inside = middle.centre_x + 14, middle.centre_y
    told = segmented(both, RegionClick("hole", *inside))
    assert chances(told, 14)["hole"] > 0.5 > chances(told, 14)["disk"]


def test_what_nobody_has_drawn_is_not_learned(tmp_path: Path) -> None:
    with pytest.raises(TooFewLabels, match="there are 0"):
        train_parser(HAIR)(SCENES, BUTTON, tmp_path, SETTINGS | {"region": "thread"}, SILENT)


def test_a_region_that_the_scheme_lacks_is_told(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match=r'no region "dusk".*disk'):
        train_parser(HAIR)(SCENES, BUTTON, tmp_path, SETTINGS | {"region": "dusk"}, SILENT)


def test_weights_of_another_scheme_are_told(folder: Path) -> None:
    with pytest.raises(WeightsMismatch, match="with 2 landmarks"):
        load_parser(folder, Scheme("point", ("middle",)), backend=HAIR)
