"""What is learned where: known objects, known absence, and places of which nobody said anything."""

import math

import numpy as np
import pytest
import torch

from landmark_annotator.backends.finder.losses import loss
from landmark_annotator.backends.finder.network import boxes_at
from landmark_annotator.backends.finder.parts import VIEW, View
from landmark_annotator.backends.finder.pictures import Picture
from landmark_annotator.backends.finder.targets import IGNORED, KNOWN, OPEN, targets
from landmark_annotator.backends.finder.views import training_view
from landmark_annotator.projects.vocabulary import Box, LabelledImage

OBJECT = Box(60.0, 90.0, 48.0, 48.0)
PIXELS = np.zeros((VIEW, VIEW, 3), np.uint8)


def cell(x: float, y: float) -> tuple[int, int]:
    """Row and column."""
    return int(y // 8), int(x // 8)


def test_the_target_is_highest_in_the_cell_of_the_centre() -> None:
    found = targets(View(PIXELS, (OBJECT,), (), ()))
    assert np.unravel_index(found[0].argmax(), found[0].shape) == cell(60, 90)
    assert found[2:6, *cell(60, 90)].tolist() == [60, 90, 48, 48]


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (View(PIXELS, (OBJECT,), (), ()), OPEN),
        (View(PIXELS, (), (), (Box(160, 30, 30, 30),)), KNOWN),
        (View(PIXELS, (), (Box(160, 30, 30, 30),), ()), IGNORED),
    ],
)
def test_absence_is_known_only_where_somebody_said_so(view: View, kind: float) -> None:
    assert targets(view)[1][cell(160, 30)] == kind


def gradient_at(view: View, row: int, column: int, logit: float) -> float:
    """Of the loss by the logit of a cell."""
    side = VIEW // 8
    said = torch.zeros(1, 7, side, side)
    said[:, 0] = logit
    said.requires_grad_()
    loss(said, torch.from_numpy(targets(view))[None], False).backward()
    assert said.grad is not None
    return float(said.grad[0, 0, row, column])


def test_what_may_be_an_object_nobody_labelled_is_let_be() -> None:
    somewhere = cell(160, 30)
    bare = View(PIXELS, (OBJECT,), (), ())
    assert gradient_at(bare, *somewhere, logit=1.0) == 0.0
    assert gradient_at(bare, *somewhere, logit=-1.0) > 0.0
    thrown_out = View(PIXELS, (), (), (Box(160, 30, 30, 30),))
    assert gradient_at(thrown_out, *somewhere, logit=1.0) > 0.0


def test_a_network_that_says_nothing_means_boxes_in_their_own_cells() -> None:
    boxes = boxes_at(torch.zeros(7, 4, 4))
    assert boxes[:, 1, 2].tolist() == [19.5, 11.5, 64.0, 64.0]


@pytest.mark.parametrize("turns", [False, True])
def test_boxes_go_with_the_object_that_they_are_around(turns: bool) -> None:
    """A bright rod on black: in every view the box lies on the bright pixels."""
    angle = 0.4 if turns else 0.0
    rod = Box(100.0, 60.0, 40.0, 16.0, angle)
    y, x = np.mgrid[:160, :200]
    inside = np.abs(rod.to_frame(np.stack([x, y], axis=-1)))
    pixels = np.zeros((160, 200, 3), np.uint8)
    pixels[(inside[..., 0] < 0.5) & (inside[..., 1] < 0.2)] = 255
    image = LabelledImage("rod", (200, 160), (rod,), lambda: pixels)
    picture = Picture.of(image, pixels, 200)
    random = np.random.default_rng(3)
    seen = 0
    for _ in range(30):
        view = training_view(picture, [picture], 0.7, turns, random)
        for box in view.objects:
            along = box.to_image(np.array([[0.0, 0.0], [0.35, 0.0], [-0.35, 0.0]]))
            across = box.to_image(np.array([[0.0, 0.45], [0.0, -0.45]]))
            if (along < 2).any() or (along > VIEW - 3).any():
                continue
            if (across < 0).any() or (across > VIEW - 1).any():
                continue
            grey = view.pixels.mean(axis=2)
            on = [grey[round(float(v)), round(float(u))] for u, v in along]
            off = [grey[round(float(v)), round(float(u))] for u, v in across]
            seen += np.median(on) > np.median(off)
            assert not math.isnan(box.angle)
    assert seen >= 20
