"""A parsing network that learns from a few drawn scenes in seconds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.parsers import MaskedInstance, load_parser, train_parser
from landmark_annotator.backends.parsing.parser import read
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import new_network, start_from
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.backends.segmentation.hints import hint_count
from landmark_annotator.projects.vocabulary import (
    SILENT,
    RegionClick,
    RegionMap,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels
from tests.button_scenes import BUTTON, SCENES, scene
from tests.measured_curves import Curves

SETTINGS = {
    "trunk": "none", "epochs": 4, "size": 64, "features": 8, "expansion": 3, "disturbed": False,
    "learning_rate": 0.02,
}  # fmt: skip


MEASURED = Curves()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("parsing")
    train_parser()(SCENES, BUTTON, target, SETTINGS, MEASURED)
    return target


def test_its_loss_on_held_out_scenes_is_measured_each_epoch(folder: Path) -> None:
    curve = MEASURED.points["held-out loss"]
    assert [epoch for epoch, _ in curve] == [1, 2, 3, 4]
    assert curve[-1][1] < curve[0][1]


@pytest.fixture(scope="module")
def trained(folder: Path) -> Segmenting:
    return load_parser(folder, BUTTON)


def segmented(model: Segmenting, each: MaskedInstance, *clicks: RegionClick) -> RegionMap:
    instance = each.instance
    nowhere = np.full((2, 2), np.nan)
    return model.segment(instance.read_pixels(), instance.box, nowhere, {}, clicks)


def parameter_count(network: nn.Module) -> int:
    return sum(each.numel() for each in network.parameters())


def chance(found: RegionMap, region: str, x: float, y: float) -> float:
    """At a place of the image."""
    height, width = found.probabilities.shape[1:]
    at = found.box.to_frame(np.array([[x, y]]))[0] + 0.5
    row, column = int(at[1] * height), int(at[0] * width)
    return float(found.probabilities[found.regions.index(region), row, column])


def test_it_finds_the_regions_of_what_it_has_not_seen(trained: Segmenting) -> None:
    unseen = scene(99)
    found, box = segmented(trained, unseen), unseen.instance.box
    assert chance(found, "hole", box.centre_x, box.centre_y) > 0.5
    assert chance(found, "disk", box.centre_x + 14, box.centre_y) > 0.5
    assert found.probabilities[:, 0, 0].sum() < 0.5


def test_it_knows_the_regions_that_anybody_drew(trained: Segmenting, folder: Path) -> None:
    assert trained.regions() == ("disk", "hole")
    assert read_card(folder)["regions"] == ["disk", "hole"]


def test_the_card_tells_the_overlap_of_each_region(folder: Path) -> None:
    figures = read_card(folder)["figures"]
    assert set(figures["held_out_overlaps"]) == {"disk", "hole"}
    assert figures["held_out_overlap"] > 50


def test_a_click_changes_the_mask_where_it_is(trained: Segmenting) -> None:
    unseen = scene(99)
    box = unseen.instance.box
    outside = box.centre_x + 30, box.centre_y
    before = chance(segmented(trained, unseen), "hole", *outside)
    after = chance(segmented(trained, unseen, RegionClick("hole", *outside)), "hole", *outside)
    assert before < 0.5 < after


def test_a_click_that_says_no_takes_the_region_away(trained: Segmenting) -> None:
    unseen = scene(99)
    middle = unseen.instance.box.centre_x, unseen.instance.box.centre_y
    found = segmented(trained, unseen, RegionClick("hole", *middle, belongs=False))
    assert chance(found, "hole", *middle) < 0.5


def test_the_mask_before_has_its_say(trained: Segmenting) -> None:
    unseen = scene(99)
    instance = unseen.instance
    nowhere = np.full((2, 2), np.nan)
    alone, told = (
        trained.segment(instance.read_pixels(), instance.box, nowhere, before, ())
        for before in ({}, unseen.masks)
    )
    assert abs(alone.probabilities - told.probabilities).max() > 0.01


def test_a_turned_box_is_seen_upright(trained: Segmenting) -> None:
    unseen = scene(99)
    turned = replace(unseen.instance, box=replace(unseen.instance.box, angle=1.0))
    found = segmented(trained, replace(unseen, instance=turned))
    assert found.box.angle == 1.0
    x, y = turned.box.to_image(np.array([[0.35, 0.0]]))[0]
    assert chance(found, "disk", x, y) > 0.5


def test_a_network_that_is_wider_inside_starts_as_the_narrower_one(folder: Path) -> None:
    card = read_card(folder)
    narrow = read(folder, BUTTON).network
    settings = Settings.of({**SETTINGS, "expansion": 6, "trunk": str(folder)})
    wider = new_network(2, settings)
    start_from(wider, card["regions"], settings, BUTTON)
    assert parameter_count(wider) > parameter_count(narrow)
    crops, hints = torch.rand(1, 3, 64, 64), torch.zeros(1, hint_count(2), 32, 32)
    with torch.no_grad():
        expected, found = narrow(crops, hints), wider.eval()(crops, hints)
    torch.testing.assert_close(found, expected)


def test_too_few_masks_are_told(tmp_path: Path) -> None:
    with pytest.raises(TooFewLabels, match="12 objects with masks"):
        train_parser()(SCENES[:5], BUTTON, tmp_path, SETTINGS, SILENT)


def test_an_unknown_setting_is_told(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="parsing network has no setting"):
        train_parser()(SCENES, BUTTON, tmp_path, {"widht": 3}, SILENT)
