"""What the first labels are worth, on few images of one set."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import fewshot
from landmark_annotator.annotator.protocols.datasets.fewshot_sets import FEWSHOT_SETS
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import SILENT, Box


@pytest.fixture(scope="module", autouse=True)
def _data(landmark_data: object) -> None:
    """The sets are there."""


def test_registration_beats_the_prior_from_the_first_labels_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fewshot, "LABELS", (1, 3))
    figures = fewshot.run(Options(sets=("ceph19",), images=4), SILENT)
    assert figures["fewshot/ceph19/images"] == 4
    for labels in (1, 3):
        place = f"fewshot/ceph19/{labels}"
        assert np.less(figures[f"{place}/fused"], figures[f"{place}/prior"])
        assert np.isfinite(figures[f"{place}/registration/inside95"])


def test_two_copies_of_one_photograph_are_never_labelled_and_measured_on() -> None:
    skulls = next(one for one in FEWSHOT_SETS if one.name == "ceph19")
    training, testing = skulls.cut(0, labels=100, tests=1000)
    assert len(training) + len(testing) == 200
    copies = [each for each in testing if any(name in each.key for name in skulls.related)]
    assert len(copies) == 2


def test_a_whole_image_is_a_box_too() -> None:
    whole = next(one for one in FEWSHOT_SETS if one.whole)
    training, testing = whole.cut(0, labels=1, tests=1)
    pixels = testing[0].read_pixels()
    box = whole.box(pixels, testing[0], 0.05, 0, 0)
    assert (box.height, box.width) == pixels.shape[:2]
    assert training[0].box.height == training[0].read_pixels().shape[0]


class _Backend:
    """Takes down what it was to be trained with."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}

    def weights(self, name: str) -> Path:
        return Path("weights") / name

    def train(
        self, instances: object, scheme: object, folder: Path, settings: Any, *_: Any
    ) -> None:
        self.settings = settings

    def load(self, folder: Path, scheme: object) -> object:
        return self

    def propose(self, pixels: object, box: Box) -> Proposal:
        return Proposal(box, ShapeMixture(np.zeros(1), np.zeros((1, 68, 2)), np.eye(136)), "fake")


def test_a_network_starts_from_weights_that_have_not_learned_what_it_is_measured_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = _Backend()
    monkeypatch.setattr(fewshot, "LABELS", (12,))
    monkeypatch.setattr(fewshot, "backend_named", lambda _: backend)
    training = {"network": True, "quick": True}
    fewshot.run(Options(sets=("helen",), images=1, training=training), SILENT)
    assert backend.settings == {"seed": 0, "trunk": "weights/heads68", "quick": True}
