"""What a parsing network is told beside the pixels, and where the simulated hand clicks."""

import numpy as np
import torch

from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import loss, new_network
from landmark_annotator.backends.segmentation.augmentation import mirrored_labels
from landmark_annotator.backends.segmentation.hints import UNSAID, Click, hint_planes
from landmark_annotator.backends.segmentation.interaction import worst_click


def test_a_click_is_a_disk_in_the_plane_of_its_region() -> None:
    planes = hint_planes(64, 2, clicks=[Click(20, 40, 2), Click(50, 8, 1, belongs=False)])
    assert planes[4, 20, 10] == 1
    assert planes[3, 4, 25] == -1
    assert abs(planes).sum() == abs(planes[3:5]).sum()


def test_the_last_click_at_a_place_counts() -> None:
    planes = hint_planes(64, 2, clicks=[Click(20, 40, 1), Click(20, 40, 2)])
    assert planes[3].sum() == 0
    assert planes[4, 20, 10] == 1


def test_where_nothing_is_known_the_mask_before_says_nothing() -> None:
    before = np.zeros((64, 64), np.uint8)
    before[:32], before[32:, 32:] = 2, UNSAID
    planes = hint_planes(64, 2, before)
    assert planes[2, :16].all()
    assert planes[0, 16:, :16].all()
    assert not planes[:, 16:, 16:].any()


def test_landmarks_are_joined_where_both_are_known() -> None:
    line = np.array([[8.0, 8.0], [40.0, 8.0], [np.nan, np.nan]])
    planes = hint_planes(64, 1, lines=[line])
    assert planes[-1, 4, 12] > 0.5
    assert planes[-1, 20:].max() == 0


def test_left_and_right_are_exchanged_in_a_mirror() -> None:
    exchanged = mirrored_labels(["skin", "left eye", "right eye", "left ear"])
    assert exchanged[:5].tolist() == [0, 1, 3, 2, 4]
    assert exchanged[UNSAID] == UNSAID


def test_the_hand_clicks_in_the_middle_of_the_largest_error() -> None:
    truth, found = np.zeros((2, 40, 40), np.uint8)
    truth[10:21, 10:21], found[30:33, 30:33] = 2, 1
    assert worst_click(found, truth) == Click(15.0, 15.0, 2)
    truth[:] = 0
    assert worst_click(found, truth) == Click(31.0, 31.0, 1, belongs=False)
    assert worst_click(truth, truth) is None


def test_pixels_without_a_label_may_be_of_what_nobody_drew() -> None:
    network = new_network(2, Settings(features=8)).train()
    crops, hints = torch.rand(2, 3, 64, 64), torch.zeros(2, 6, 32, 32)
    labels, none = torch.zeros(2, 64, 64, dtype=torch.uint8), torch.zeros(2, dtype=torch.bool)
    said = torch.zeros(2, 3, dtype=torch.bool)
    unsaid = said.clone()
    unsaid[:, 2] = True
    strict = loss(network, (crops, labels, hints, none, said))
    lenient = loss(network, (crops, labels, hints, none, unsaid))
    assert lenient < strict
