"""What hides landmarks is learned from a network's features, without changing the network."""

from typing import ClassVar

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.densities.hidden_training import learn_hidden
from landmark_annotator.backends.densities.model_files import _hidden_head
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

PAIR = Scheme("pair", ("left", "right"))
PLACES = np.array([[90.0, 110.0], [130.0, 110.0]])


class Looks(DensityNetwork):
    """Its features are the colour, and the square of it, in the middle of each half of the crop."""

    stride: ClassVar[int] = 2
    multiple: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.nothing = nn.Parameter(torch.zeros(1))

    @override
    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        densities, scales, _ = self.look(crops)
        return densities, scales

    @override
    def look(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        side = crops.shape[2]
        halves = crops.reshape(len(crops), 3, side, 2, side // 2)
        colour = halves[:, :, side // 4 : -side // 4].mean(dim=(2, 4)).transpose(1, 2)
        densities = torch.full((len(crops), 2, side // 2, side // 2), 4 / side**2)
        return densities, torch.zeros(len(crops), 2), torch.cat([colour, colour**2], dim=2)


class Blind(Looks):
    @override
    def look(self, crops: Tensor) -> tuple[Tensor, Tensor, None]:  # type: ignore[override]
        densities, scales, _ = super().look(crops)
        return densities, scales, None


def patches(count: int, told: bool, seed: int) -> list[Patch]:
    """A dark patch hides the left half of every third, the right half of every fourth one."""
    found = []
    random = np.random.default_rng(seed)
    for number in range(count):
        pixels = random.integers(150, 200, (224, 224, 3)).astype(np.uint8)
        hidden = np.array([number % 3 == 0, number % 4 == 0], dtype=float)
        for side, (x, y) in zip(hidden, PLACES.astype(int).tolist(), strict=True):
            if side:
                cv2.rectangle(pixels, (x - 19, y - 60), (x + 19, y + 60), (20, 20, 20), -1)
        box = Box(111.5, 111.5, 75, 75)
        found.append(Patch(pixels, PLACES, np.ones(2), box, hidden if told else None))
    return found


def log_odds(network: DensityNetwork, learned: list[Patch], held_out: list[Patch]) -> Floats | None:
    head = learn_hidden(network, learned, held_out, PAIR, 64, 0, SILENT)
    if head is None:
        return None
    with torch.inference_mode():
        crops = [
            torch.from_numpy(cv2.resize(each.pixels[59:165, 59:165], (64, 64)))
            for each in patches(24, True, 9)
        ]
        features = network.look(torch.stack(crops).permute(0, 3, 1, 2) / 255)[2]
        assert features is not None
        return np.asarray(head(features).numpy())


def test_what_the_labels_say_is_hidden_is_told_from_what_is_seen() -> None:
    found = log_odds(Looks(), patches(120, True, 1), patches(40, True, 2))
    assert found is not None
    hidden = np.array([each.hidden for each in patches(24, True, 9)]) == 1
    assert found[hidden].min() > found[~hidden].max()
    likely = 1 / (1 + np.exp(-found))
    assert likely[hidden].mean() > 0.7
    assert likely[~hidden].mean() < 0.3


def test_the_same_seed_learns_the_same() -> None:
    once, again = (log_odds(Looks(), patches(40, True, 1), patches(20, True, 2)) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_without_such_labels_it_is_learned_from_what_is_drawn_over_crops() -> None:
    seen = [each for n, each in enumerate(patches(160, False, 1)) if n % 3 and n % 4]
    assert log_odds(Looks(), seen, seen) is not None


def test_where_no_label_says_that_anything_is_hidden_nothing_is_called_so() -> None:
    """Though it looks as if: dark as what covered it, and nobody who labelled said so."""
    seen = [each for n, each in enumerate(patches(80, False, 1)) if n % 3 and n % 4]
    found = log_odds(Looks(), seen, seen)
    assert found is not None
    assert found.max() < 0


def test_a_network_without_features_learns_none() -> None:
    assert log_odds(Blind(), patches(40, True, 1), patches(20, True, 2)) is None


def test_a_head_from_before_with_one_shift_for_all_says_the_same() -> None:
    kept = HiddenHead(3, 2)
    kept.shift = torch.full((3,), 0.7)
    before = kept.state_dict() | {"shift": torch.tensor(0.7)}
    found = _hidden_head(3, {f"hidden_head.{name}": value for name, value in before.items()})
    assert found is not None
    features = torch.ones(1, 3, 2)
    assert torch.equal(found(features), kept(features))
