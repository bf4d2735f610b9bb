"""Learning from unlabelled images: what it does to a training, and when it is left alone."""

import copy
from pathlib import Path

import pytest
import torch

from landmark_annotator.backends.densities.calibrated_network import CalibratedNetwork, calibrated
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.heatmap import self_training, train
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.self_training import taught_by
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.projects.vocabulary import (
    SILENT,
    LabelledInstance,
    Scheme,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.errors import Cancelled
from tests.stopped_training import assert_same_weights

pytestmark = pytest.mark.usefixtures("narrow_networks")

TINY = {"epochs": 1, "size": 32, "seed": 3, "trunk": "none", "second_look": False}
STAGE = "learning from unlabelled images"


class StopsIn:
    """A user who stops at the end of a stage."""

    def __init__(self, stage: str) -> None:
        self.at, self.stage, self.left = stage, "", 0

    def start(self, stage: str, total: int | None) -> None:
        self.stage, self.left = stage, total or 0

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.left -= steps

    def cancelled(self) -> bool:
        return self.stage == self.at and self.left <= 1


def unlabelled(heads: list[LabelledInstance]) -> list[UnlabelledInstance]:
    return [UnlabelledInstance(f"new {h.key}", h.box, h.read_pixels) for h in heads]


@pytest.mark.usefixtures("short_epochs")
def test_a_stopped_training_with_unlabelled_images_goes_on_to_the_same_network(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So short a training is sure of nothing.
    monkeypatch.setattr("landmark_annotator.backends.densities.unlabelled._LEAST_WEIGHT", 0.0)
    given = (heads[:16], face68)
    new = unlabelled(heads[16:])
    card = train(*given, tmp_path / "straight", TINY, SILENT, unlabelled=new)
    with pytest.raises(Cancelled, match=STAGE):
        train(*given, tmp_path / "resumed", TINY, StopsIn(STAGE), unlabelled=new)
    train(*given, tmp_path / "resumed", TINY, SILENT, unlabelled=new)
    assert card["unlabelled"]["tried"] == 24
    assert "held-out error" in card["unlabelled"]["sentence"]
    assert_same_weights(tmp_path / "straight", tmp_path / "resumed", "network.")


@pytest.fixture(scope="module")
def half_trained(
    heads: list[LabelledInstance], face68: Scheme
) -> tuple[HeatmapNetwork, TrainingSet, CalibratedNetwork]:
    settings = Settings.of(TINY)
    torch.manual_seed(0)
    network = HeatmapNetwork(68).eval()
    data = TrainingSet.read(heads[:16], settings, SILENT)
    return network, data, calibrated(network, data, face68, settings, SILENT)


def moved(network: CalibratedNetwork, to_truth: float) -> CalibratedNetwork:
    """The same, its answers by this share nearer to the truth."""
    found = copy.deepcopy(network)
    way = network.seen.truths - network.believed
    object.__setattr__(found, "believed", network.believed + to_truth * way)
    return found


@pytest.mark.parametrize(
    ("twin", "student", "kept"), [(0.0, -1.0, "before"), (0.2, 0.1, "twin"), (0.1, 0.2, "student")]
)
def test_held_out_labels_choose_among_answers_more_labels_and_neither(
    tmp_path: Path,
    half_trained: tuple[HeatmapNetwork, TrainingSet, CalibratedNetwork],
    heads: list[LabelledInstance],
    face68: Scheme,
    monkeypatch: pytest.MonkeyPatch,
    twin: float,
    student: float,
    kept: str,
) -> None:
    network, data, before = half_trained
    networks = {"before": before, "twin": moved(before, twin), "student": moved(before, student)}
    answers = iter([networks["twin"], networks["student"]])
    monkeypatch.setattr(self_training, "fit_further", lambda *_: (network, 1.0))
    monkeypatch.setattr(self_training, "calibrated", lambda *_, **__: next(answers))
    monkeypatch.setattr("landmark_annotator.backends.densities.unlabelled._LEAST_WEIGHT", 0.0)
    found = taught_by(
        unlabelled(heads[16:]),
        network,
        before,
        data.patches_of(data.training),
        data,
        face68,
        Settings.of(TINY),
        tmp_path,
        SILENT,
    )
    assert found.calibrated is networks[kept]
    assert found.worth is not None
    assert ("not used" in found.worth.sentence) == (kept != "student")
    assert ("which is kept" in found.worth.sentence) == (kept == "twin")


def test_nobody_waits_for_unlabelled_images() -> None:
    assert Settings.of({}).learns_unlabelled
    assert not Settings.of({"quick": True}).learns_unlabelled
    assert not Settings.of({"unlabelled": "off"}).learns_unlabelled
