"""A second look at each landmark, on a photograph in which every landmark is a bright dot."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.heatmap.refinement.close_ups import PATCH, CloseUp, resolution_of
from landmark_annotator.backends.heatmap.refinement.network import (
    CELLS,
    STRIDE,
    PatchNetwork,
    folded,
)
from landmark_annotator.backends.heatmap.refinement.network_training import (
    LabelledCloseUp,
    RefinementData,
    as_input,
)
from landmark_annotator.backends.heatmap.refinement.refiner import Refiner
from landmark_annotator.backends.heatmap.refinement.training import helps
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.device import REDUCED
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

BOX = Box(310.0, 290.0, 400.0, 400.0, 0.3)
FRAME = np.array([[-0.4, -0.3], [0.4, -0.3], [0.05, 0.42]])
SCHEME = Scheme("three", ("left", "right", "foot"), partners=((0, 1),))
RESOLUTION = 300.0
COLOURS = [0, 0, 2]


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    """Grey, with a round dot of six pixels at each landmark: two red ones that are partners, and a
    blue one."""
    y, x = np.mgrid[0:600, 0:640]
    pixels = np.full((600, 640, 3), 90.0)
    for (cx, cy), colour in zip(BOX.to_image(FRAME), 160 * np.eye(3)[COLOURS], strict=True):
        dot = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * 3.0**2))
        pixels += dot[..., None] * colour
    return np.clip(pixels, 0, 255).astype(np.uint8)


class FindsDots(nn.Module):
    """In place of a trained network: a density as strong as the colour of the landmark's dot."""

    def __init__(self) -> None:
        super().__init__()
        self.device_of = nn.Parameter(torch.zeros(1))

    def forward(self, patches: Tensor, landmarks: Tensor) -> tuple[Tensor, Tensor]:
        finest = patches[:, :3].float()
        colours = torch.tensor(COLOURS)[landmarks]
        own = finest[torch.arange(len(finest)), colours] - finest.mean(dim=1)
        cells = nn.functional.avg_pool2d(own[:, None], STRIDE)
        strong = (cells - cells.amax(dim=(2, 3), keepdim=True) / 4).clamp_min(0).flatten(2)
        weights = strong / strong.sum(dim=2, keepdim=True)
        return weights.reshape(-1, 1, CELLS, CELLS), torch.zeros(len(patches), 1)


def seen_at(points: Floats) -> Observation:
    wide = np.tile(np.eye(2) * 1e-3, (len(points), 1, 1))
    return Observation(BOX, points, wide, np.full(len(points), 0.02))


@pytest.mark.parametrize("mirror", [None, SCHEME.mirror])
def test_what_the_network_finds_in_a_patch_is_where_it_is_in_the_photograph(
    photograph: Pixels, mirror: tuple[int, ...] | None
) -> None:
    refiner = Refiner(PatchNetwork(3), RESOLUTION, mirror)
    refiner.__dict__["_fast"] = FindsDots()
    off = FRAME + np.array([[0.02, -0.015], [-0.02, 0.01], [0.0, 0.025]])
    found = refiner.refine(photograph, seen_at(off), off)
    np.testing.assert_allclose(found.points, FRAME, atol=0.25 / RESOLUTION)
    assert found.box == BOX


def test_targets_are_where_the_label_is_in_a_turned_and_mirrored_patch(photograph: Pixels) -> None:
    one = LabelledCloseUp(CloseUp.of(photograph, BOX, RESOLUTION), FRAME, np.ones(3))
    data = RefinementData([one], np.full(3, 0.01), SCHEME, Settings())
    for seed in range(6):
        patches, landmarks, targets, weights = data._batch(
            np.zeros(4, dtype=np.int64), np.random.default_rng(seed)
        )
        colours = patches.reshape(len(patches), -1, 3, PATCH, PATCH)[:, 0]
        shown = (colours - colours.mean(dim=1, keepdim=True)).amax(dim=1)
        for patch, target in zip(shown, targets, strict=True):
            row, column = divmod(int(patch.argmax()), PATCH)
            place = target.numpy() * STRIDE + (STRIDE - 1) / 2
            assert np.hypot(column - place[0], row - place[1]) < 3.0
        assert set(landmarks.tolist()) <= {0, 1, 2}
        assert (weights == 1).all()


def test_all_levels_show_the_same_place_at_half_the_resolution_each(photograph: Pixels) -> None:
    patches = CloseUp.of(photograph, BOX, RESOLUTION).patches(FRAME)
    middle = slice(PATCH // 2 - 2, PATCH // 2 + 2)
    for patch in patches.reshape(-1, PATCH, PATCH, 3).astype(float):
        colour = np.ptp(patch, axis=2)
        assert colour[middle, middle].max() > 0.9 * colour.max()


def test_photographs_that_show_no_more_than_the_first_look_get_no_second_one() -> None:
    first = 128 / 1.4
    assert resolution_of([first, 1.2 * first, 1.3 * first], 128) is None
    assert resolution_of([3 * first], 128) == pytest.approx(3 * first)
    assert resolution_of([40 * first], 128) == pytest.approx(4 * first)


def test_it_is_kept_where_held_out_instances_gain_by_more_than_chance() -> None:
    groups = np.repeat(np.arange(6), 2)
    gains = np.array([0.3, 0.2, 0.25, 0.3, 0.1, 0.2, 0.3, 0.3, 0.2, 0.1, 0.3, 0.2])
    assert helps(gains, groups)
    assert not helps(-gains, groups)
    # One of six gains much, which says nothing of the next one.
    assert not helps(np.where(groups == 0, 1.0, 0.0), groups)
    assert not helps(gains[:2], groups[:2])


def test_an_untrained_network_leaves_every_landmark_where_it_was(photograph: Pixels) -> None:
    refiner = Refiner(PatchNetwork(3).eval(), RESOLUTION, SCHEME.mirror)
    found = refiner.refine(photograph, seen_at(FRAME), FRAME)
    np.testing.assert_allclose(found.points, FRAME, atol=0.1 / RESOLUTION)


def test_the_network_for_proposing_is_the_same_function() -> None:
    torch.manual_seed(0)
    network = PatchNetwork(3)
    for value in network.parameters():
        nn.init.normal_(value, std=0.1)
    network.eval()
    pixels = np.random.default_rng(0).integers(0, 255, (5, 3, PATCH, PATCH, 3), dtype=np.uint8)
    landmarks = torch.tensor([0, 1, 2, 0, 1])
    with torch.inference_mode():
        exact, _ = network(as_input(pixels), landmarks)
        fast, _ = folded(network)(as_input(pixels).to(REDUCED), landmarks)
    assert float((exact - fast).abs().max()) < 0.05
