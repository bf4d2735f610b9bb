"""The network of the thesis' chapter 3, its patches and its losses."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from landmark_annotator.backends.cropnet.losses import align, l1, l2, normalised_l2, objective
from landmark_annotator.backends.cropnet.network import CoarseToFineNetwork, Design, folded
from landmark_annotator.backends.cropnet.patches import PATCH, patches_at
from landmark_annotator.backends.densities.augmentation import MARGIN

SMALL = Design(width=8)
MEAN = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.3]])


def with_answers(design: Design) -> CoarseToFineNetwork:
    """A network whose stages say something, as after a training."""
    torch.manual_seed(0)
    network = CoarseToFineNetwork(MEAN, design)
    for layer in network.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.05)
    for _ in range(3):  # norms that have seen something
        network(torch.rand(2, 3, 64, 64))
    return network.eval()


def test_a_patch_is_what_the_equations_say() -> None:
    """Equations 3.5 to 3.7, written out, inside the map and over its border."""
    random = np.random.default_rng(0)
    values = random.normal(size=(20, 20))
    centre = np.array([6.3, 17.8])
    wanted = np.zeros((PATCH, PATCH))
    for q in range(PATCH):
        for p in range(PATCH):
            y, x = centre[1] + q - 3.5, centre[0] + p - 3.5
            for n in range(20):
                for m in range(20):
                    weight = max(0, 1 - abs(y - n)) * max(0, 1 - abs(x - m))
                    wanted[q, p] += values[n, m] * weight
    maps = torch.from_numpy(values).float()[None, None]
    places = torch.from_numpy(((centre + 0.5) / 20 - 0.5) * MARGIN).float()[None, None]
    found = patches_at(maps, places, MARGIN)
    np.testing.assert_allclose(found[0, 0, 0].numpy(), wanted, atol=1e-5)


def test_places_learn_from_how_patches_would_change() -> None:
    """Equation 3.12 against differences."""
    maps = torch.rand(1, 2, 16, 16)
    places = torch.tensor([[[0.11, -0.07]]], requires_grad=True)
    patches_at(maps, places, MARGIN).square().sum().backward()
    step = 1e-3
    for axis in range(2):
        move = torch.zeros(1, 1, 2)
        move[..., axis] = step
        ends = [
            float(patches_at(maps.double(), places.detach() + way * move, MARGIN).square().sum())
            for way in (1, -1)
        ]
        assert places.grad is not None
        assert float(places.grad[0, 0, axis]) == pytest.approx(
            (ends[0] - ends[1]) / (2 * step), rel=0.02
        )


def test_with_19_landmarks_it_has_the_thesis_number_of_parameters() -> None:
    """1.46 million (section 3.6.5), without the scales, which are ours."""
    network = CoarseToFineNetwork(torch.zeros(19, 2), Design())
    own = sum(p.numel() for name, p in network.named_parameters() if not name.startswith("scales"))
    assert own / 1e6 == pytest.approx(1.46, abs=0.005)


@pytest.mark.parametrize("stages", [0, 1, 2, 3])
def test_every_number_of_stages_gives_its_answers(stages: int) -> None:
    seen = CoarseToFineNetwork(MEAN, replace(SMALL, stages=stages))(torch.rand(2, 3, 64, 64))
    assert len(seen.points) == stages + 1
    assert seen.log_scales.shape == (2, 3)
    assert [maps.shape[-1] for maps in seen.maps] == [8, 16, 32][:stages]
    # Before it has learned anything it says the mean shape.
    for points in seen.points:
        assert torch.equal(points, MEAN.expand(2, 3, 2))


def gradients(design: Design, of_stage: int) -> tuple[Tensor | None, Tensor | None]:
    """Of the first features and of the first answer, by what one stage alone says."""
    network = with_answers(design)
    network.zero_grad()
    network(torch.rand(2, 3, 64, 64)).points[of_stage].square().sum().backward()
    stem = network.stem[0]
    assert isinstance(stem, nn.Conv2d)
    return stem.weight.grad, network.moves.weight.grad


def test_features_and_places_learn_from_stages_only_where_they_may() -> None:
    """Table 3.5: the two ways back to the first network, each by itself."""
    for features in (False, True):
        for positions in (False, True):
            design = replace(SMALL, features=features, positions=positions)
            stem, moves = gradients(design, of_stage=1)
            assert (moves is not None) == positions
            assert (stem is not None) == (features or positions)


def test_a_stage_answers_in_cells_of_its_level() -> None:
    network = CoarseToFineNetwork(MEAN, SMALL).eval()
    for stage in network.stages:
        nn.init.ones_(stage.moves.bias)  # type: ignore[union-attr, arg-type]
    points = network(torch.rand(1, 3, 64, 64)).points
    moved = [float((b - a)[0, 0, 0].detach()) for a, b in itertools.pairwise(points)]
    np.testing.assert_allclose(moved, [MARGIN / 8, MARGIN / 16, MARGIN / 32], rtol=1e-5)


def test_the_folded_network_is_the_same_function() -> None:
    network = with_answers(SMALL)
    crops = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        whole, fast = network(crops), folded(network)(crops)
    for one, other in zip(whole.points, fast.points, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_losses_are_what_they_are_called() -> None:
    points, targets = torch.zeros(1, 1, 2), torch.tensor([[[0.3, 0.4]]])
    assert float(l2(points, targets, 0.1)) == pytest.approx(25)
    assert float(l1(points, targets, 0.1)) == pytest.approx(7)
    # 0.25 square sides over half a side between the eyes, at 100 pixels a side.
    found = normalised_l2(points, targets, torch.tensor([0.5]), round(100 * MARGIN))
    assert float(found) == pytest.approx(0.25 / 0.5 * 100)


def test_align_minds_what_lies_across_an_edge_and_not_along_it() -> None:
    maps = torch.zeros(1, 1, 32, 32)
    maps[..., 16:] = 1.0
    target = torch.zeros(1, 1, 2)
    cell = MARGIN / 32
    for smooth in (0.0, 1.0):
        across, along = (
            float(align(maps, target + torch.tensor(move), target, torch.tensor([smooth])))
            for move in ([1.5 * cell, 0.0], [0.0, 1.5 * cell])
        )
        assert along == pytest.approx(0, abs=1e-6)
        assert across > 0.05


def test_align_moves_places_and_leaves_features_alone() -> None:
    maps = torch.rand(1, 2, 16, 16, requires_grad=True)
    points = torch.full((1, 1, 2), 0.05, requires_grad=True)
    align(maps, points, torch.zeros(1, 1, 2), torch.ones(1)).sum().backward()
    assert maps.grad is None
    assert points.grad is not None
    assert (points.grad != 0).all()


def test_unknown_landmarks_teach_nothing() -> None:
    torch.manual_seed(0)
    network = CoarseToFineNetwork(MEAN, SMALL)
    targets = torch.zeros(2, 3, 3)
    targets[..., 2] = 1.0
    targets[:, 1, :2] = torch.nan
    seen = network(torch.rand(2, 3, 64, 64))
    objective(seen, ("l2", "l1", "align"), targets, torch.ones(2), 64, torch.ones(2)).backward()  # type: ignore[no-untyped-call]
    gradient = network.moves.bias.grad
    assert gradient is not None
    assert gradient.isfinite().all()
    assert (gradient.reshape(3, 2)[1] == 0).all()
    assert (gradient.reshape(3, 2)[0] != 0).all()
