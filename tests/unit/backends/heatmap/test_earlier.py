"""A training that goes on from the network that an earlier one left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.backends.heatmap import train
from landmark_annotator.backends.heatmap.earlier import earlier_network
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.shared_training import Lesson, helped
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import Cancelled
from tests.narrow_networks import narrow_networks
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

pytestmark = pytest.mark.usefixtures("narrow_networks")

ONE = {"epochs": 1, "size": 32, "seed": 3, "trunk": "none", "second_look": False}
FEW = 20


def trained_shortly(*asked: Any) -> Mapping[str, Any]:
    """In any process."""
    with short_epochs(), narrow_networks():
        return train(*asked)


@pytest.fixture(scope="module")
def heads(landmark_data: Path) -> list[LabelledInstance]:
    """As many new ones as were learned from before are more than it takes. Of files, which other
    processes can read too."""
    return faces300w.faces(("faces68/lfpw-test",))[:30]


@pytest.fixture(scope="module")
def before(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    """Of the first heads."""
    folder = tmp_path_factory.mktemp("before")
    trained_shortly(heads[:FEW], face68, folder, ONE, SILENT)
    return folder


@pytest.fixture(scope="module")
def after(
    tmp_path_factory: pytest.TempPathFactory,
    before: Path,
    heads: list[LabelledInstance],
    face68: Scheme,
) -> tuple[Path, Mapping[str, Any]]:
    """What one process makes of it, and its card."""
    folder = copied(before, tmp_path_factory.mktemp("after") / "model")
    return folder, trained_shortly(heads, face68, folder, ONE, SILENT)


def copied(folder: Path, to: Path) -> Path:
    to.mkdir(parents=True)
    for file in folder.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_nothing_that_was_learned_before_judges_the_next_network(
    before: Path,
    after: tuple[Path, Mapping[str, Any]],
    heads: list[LabelledInstance],
    face68: Scheme,
) -> None:
    first = earlier_network(before, heads, face68, Settings.of(ONE))
    assert first is not None
    learned = {h.key for h, yes in zip(heads, first.has_learned(heads), strict=True) if yes}
    assert len(learned) == FEW - 5
    folder, card = after
    assert card["earlier_instances"] == FEW - 5
    assert len(card["held_out_keys"]) == 5
    assert learned.isdisjoint(card["held_out_keys"])
    # Nor the one after that.
    second = earlier_network(folder, heads, face68, Settings.of(ONE))
    assert second is not None
    assert first.marks < second.marks


@pytest.mark.usefixtures("short_epochs")
def test_stopped_and_resumed_it_goes_on_to_the_same_network(
    tmp_path: Path, before: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    straight, resumed = (copied(before, tmp_path / name) for name in ("straight", "resumed"))
    two = {**ONE, "epochs": 2}
    train(heads, face68, straight, two, SILENT)
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads, face68, resumed, two, StopsAfter(18))
    train(heads, face68, resumed, two, SILENT)
    assert_same_weights(straight, resumed, "network.")


@pytest.mark.parametrize("other", [{"fresh": True}, {"size": 64}, {"loss": "laplace_kl"}])
def test_with_other_settings_it_begins_anew(
    before: Path, heads: list[LabelledInstance], face68: Scheme, other: dict[str, Any]
) -> None:
    assert earlier_network(before, heads, face68, Settings.of({**ONE, **other})) is None


def test_where_all_has_been_learned_it_begins_anew(
    before: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    earlier = earlier_network(before, heads, face68, Settings.of(ONE))
    assert earlier is not None
    known = [h for h, yes in zip(heads, earlier.has_learned(heads), strict=True) if yes]
    assert earlier_network(before, known, face68, Settings.of(ONE)) is None


def test_relatives_of_what_was_learned_judge_as_little(
    before: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    earlier = earlier_network(before, heads, face68, Settings.of(ONE))
    assert earlier is not None
    known = earlier.has_learned(heads)
    learned = [h for h, yes in zip(heads, known, strict=True) if yes]
    relative = LabelledInstance(
        "new", heads[0].box, heads[0].shape, heads[0].read_pixels, learned[0].split_key
    )
    stranger = LabelledInstance("other", heads[0].box, heads[0].shape, heads[0].read_pixels)
    assert earlier.has_learned([relative, stranger]).tolist() == [True, False]


def test_processes_that_share_a_training_go_on_from_the_same_network(
    tmp_path: Path,
    before: Path,
    after: tuple[Path, Mapping[str, Any]],
    heads: list[LabelledInstance],
    face68: Scheme,
) -> None:
    shared = copied(before, tmp_path / "shared")
    _, alone = after
    with helped(2, Lesson(trained_shortly, heads, face68, ONE)) as settings:
        card = trained_shortly(heads, face68, shared, settings, SILENT)
    assert card["earlier_instances"] == alone["earlier_instances"] == FEW - 5
    assert card["held_out_keys"] == alone["held_out_keys"]


def test_a_damaged_model_is_trained_anew(
    tmp_path: Path, before: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    folder = copied(before, tmp_path / "model")
    (folder / "weights.safetensors").write_bytes(b"torn")
    assert earlier_network(folder, heads, face68, Settings.of(ONE)) is None
