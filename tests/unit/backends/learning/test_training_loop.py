"""The loop that all networks are trained by, its checkpoints, and the device it runs on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from landmark_annotator.backends.learning.batches import Batch, BatchOrder, prefetched
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import Optimiser, TrainingLoop, adamw
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled
from tests.stopped_training import StopsAfter

EPOCHS = 4
KEYS = ["a", "b"]
ORDER = BatchOrder(count=6, size=4, least=12)
DESCENT = partial(torch.optim.SGD, lr=0.1, momentum=0.9)


@dataclass(frozen=True)
class Chosen:
    epochs: int = EPOCHS
    device: str = "cpu"
    fresh: bool = False


def batches(epoch: int) -> Iterator[Batch]:
    def make(chosen: np.ndarray, random: np.random.Generator) -> Batch:
        inputs = torch.from_numpy(random.normal(0, 1, (len(chosen), 3))).float()
        return inputs, inputs.sum(dim=1, keepdim=True)

    random = np.random.default_rng(epoch)
    return prefetched(ORDER.drawn(random), make, random)


def loss(network: nn.Module, batch: Batch) -> Tensor:
    inputs, wanted = batch
    found: Tensor = network(inputs)
    return (found - wanted).square().mean()


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1))


def made(
    optimiser: Optimiser = adamw, learned: Callable[[str], bool] = bool, device: str = "cpu"
) -> TrainingLoop[nn.Module]:
    return TrainingLoop(
        schedule=CosineSchedule(0.05, EPOCHS),
        optimiser=optimiser,
        steps=ORDER.steps,
        batches=batches,
        loss=loss,
        averaging=0.9,
        seed=1,
        device=device_named(device),
        learned=learned,
    )


def assert_goes_on(folder: Path, optimiser: Optimiser) -> None:
    """With the third epoch, to what an uninterrupted training comes to."""
    done: list[int] = []
    checkpoint = Checkpoint.of(folder, Chosen(), KEYS)
    resumed = made(optimiser).run(
        network(), SILENT, checkpoint, lambda epoch, _: done.append(epoch)
    )
    straight = made(optimiser).run(network(), SILENT)
    assert done == [3, 4]
    one, other = straight.average.state_dict(), resumed.average.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def stopped_in_the_third_epoch(folder: Path, optimiser: Optimiser = adamw) -> None:
    with pytest.raises(Cancelled, match="epoch 3 of 4"):
        made(optimiser).run(
            network(), StopsAfter(2 * ORDER.steps + 1), Checkpoint.of(folder, Chosen(), KEYS)
        )


@pytest.mark.parametrize("optimiser", [adamw, DESCENT])
def test_stopped_and_resumed_it_comes_to_the_same(tmp_path: Path, optimiser: Optimiser) -> None:
    stopped_in_the_third_epoch(tmp_path, optimiser)
    assert_goes_on(tmp_path, optimiser)


@pytest.mark.parametrize(
    ("finished", "kept", "then"),
    [
        (0, "No epoch is kept.", "begins anew"),
        (1, "What 1 epoch taught is kept.", "without --fresh, to go on from there"),
        (2, "What 2 epochs taught is", "without --fresh, to go on from there"),
    ],
)
def test_stopped_it_says_what_is_kept(tmp_path: Path, finished: int, kept: str, then: str) -> None:
    stops = StopsAfter(finished * ORDER.steps + 1)
    with pytest.raises(Cancelled) as stopped:
        made().run(network(), stops, Checkpoint.of(tmp_path, Chosen(), KEYS))
    assert stopped.value.kept.startswith(kept)
    assert then in stopped.value.remedy


def test_a_checkpoint_of_a_weak_training_of_before_is_gone_on_from(tmp_path: Path) -> None:
    stopped_in_the_third_epoch(tmp_path, DESCENT)
    path = tmp_path / "checkpoint.safetensors"
    tensors = load_file(path)
    older = {
        f"momentum.{name.split('.')[1]}" if name.startswith("optimiser.") else name: value
        for name, value in tensors.items()
        if name not in ("epoch", "seconds")
    }
    save_file(older, path)
    assert_goes_on(tmp_path, DESCENT)


def test_a_checkpoint_without_losses_of_before_is_gone_on_from(tmp_path: Path) -> None:
    stopped_in_the_third_epoch(tmp_path)
    path = tmp_path / "checkpoint.safetensors"
    save_file({k: v for k, v in load_file(path).items() if k != "losses"}, path)
    assert_goes_on(tmp_path, adamw)


@pytest.mark.parametrize(
    ("settings", "keys", "epochs"),
    [
        (Chosen(), KEYS, 2),
        (Chosen(device="cuda"), KEYS, 2),
        (Chosen(epochs=5), KEYS, 0),
        (Chosen(), ["a"], 0),
        (Chosen(fresh=True), KEYS, 0),
    ],
)
def test_only_the_same_training_goes_on_from_a_checkpoint(
    tmp_path: Path, settings: Chosen, keys: list[str], epochs: int
) -> None:
    stopped_in_the_third_epoch(tmp_path)
    done: list[int] = []
    checkpoint = Checkpoint.of(tmp_path, settings, keys)
    made().run(network(), SILENT, checkpoint, lambda epoch, _: done.append(epoch))
    assert done == list(range(epochs + 1, EPOCHS + 1))


def test_other_landmarks_of_the_same_instances_are_another_training(tmp_path: Path) -> None:
    stopped_in_the_third_epoch(tmp_path)
    done: list[int] = []
    checkpoint = Checkpoint.of(tmp_path, Chosen(), KEYS, ["left eye"])
    made().run(network(), SILENT, checkpoint, lambda epoch, _: done.append(epoch))
    assert done == list(range(1, EPOCHS + 1))


def test_parameters_that_are_not_learned_stay() -> None:
    state = made(learned=lambda name: name.startswith("2.")).run(network(), SILENT)
    after = state.network.state_dict()
    before = network().state_dict()
    assert torch.equal(after["0.weight"], before["0.weight"])
    assert not torch.equal(after["2.weight"], before["2.weight"])


def test_every_instance_is_in_an_epoch_as_often_as_any_other() -> None:
    order = BatchOrder(count=5, size=4, least=20).drawn(np.random.default_rng(0))
    assert [len(batch) for batch in order] == [4] * 5
    assert np.bincount(np.concatenate(order)).tolist() == [4] * 5


def test_what_does_not_fill_a_batch_is_left_out() -> None:
    order = BatchOrder(count=7, size=4, least=4)
    assert order.steps == len(order.drawn(np.random.default_rng(0))) == 1


def test_an_unknown_device_is_explained() -> None:
    with pytest.raises(ActionableError, match='Did you mean "cuda"'):
        device_named("cudda")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card")
def test_a_device_that_is_not_there_is_explained() -> None:
    with pytest.raises(ActionableError, match="no graphics card"):
        device_named("cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no graphics card")
def test_on_a_graphics_card_it_learns_there() -> None:
    state = made(device="cuda").run(network(), SILENT)
    assert all(value.is_cuda for value in state.average.state_dict().values())
