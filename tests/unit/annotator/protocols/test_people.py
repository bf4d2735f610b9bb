"""The two annotators of the cephalograms, and a model's error next to their distance."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import people
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.backends.shapes import Proposal, ShapeMixture, shape_prior
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("landmark_data")


@dataclass(frozen=True)
class MeanShape:
    """A backend without a network. trained: the keys that it was given."""

    name: str = "mean"
    from_nothing: Mapping[str, Any] = field(default_factory=dict)

    def train(
        self,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        folder: Path,
        settings: Mapping[str, Any],
        progress: Progress,
    ) -> None:
        folder.mkdir(parents=True)
        counts = {"training": len(instances), "held_out": 0}
        card = {"settings": dict(settings), "instances": counts, "keys": [i.key for i in instances]}
        (folder / "card.json").write_text(json.dumps(card))
        global _prior
        _prior = shape_prior([(one.box, one.shape) for one in instances])

    def load(self, folder: Path, scheme: Scheme) -> "MeanShape":
        return self

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        assert _prior is not None
        return Proposal(box, _prior, self.name)


_prior: ShapeMixture | None = None


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


@pytest.fixture(scope="module")
def figures(work: Path, landmark_data: Path) -> Iterator[Figures]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(people, "backend_named", lambda name: MeanShape())
        yield people.run(Options(images=5, work=str(work)), SILENT)


def test_the_annotators_are_as_far_apart_as_their_table_says(figures: Figures) -> None:
    assert figures["people/images"] == 200
    assert figures["people/nme"] == pytest.approx(4.04, abs=0.01)
    landmarks = [name for name in figures if name.startswith("people/landmark/")]
    assert len(landmarks) == 19
    assert landmarks[0] == "people/landmark/soft_tissue_pogonion"


def test_a_model_is_told_next_to_them(figures: Figures) -> None:
    assert figures["model/images"] == 5
    assert figures["model/to_mean/nme"] > figures["model/people_apart"]
    for name in ("junior", "senior"):
        assert figures[f"model/to_{name}/nme"] > 0


def test_a_photograph_that_is_there_twice_is_only_trained_on(figures: Figures, work: Path) -> None:
    keys = json.loads((work / "people-mean-seed0" / "card.json").read_text())["keys"]
    assert len(keys) == 150
    assert sum(any(name in key for name in ("144.jpg", "173.jpg")) for key in keys) == 2


def test_a_trained_model_is_kept_for_the_next_run(
    figures: Figures, monkeypatch: pytest.MonkeyPatch, work: Path
) -> None:
    monkeypatch.setattr(MeanShape, "train", None)
    again = people.run(Options(images=5, work=str(work)), SILENT)
    assert again == figures
    assert np.isfinite(again["model/to_mean/below_95"])


def test_a_model_of_other_images_is_not_taken_for_the_one_that_is_measured(
    figures: Figures, monkeypatch: pytest.MonkeyPatch, work: Path
) -> None:
    monkeypatch.setattr(people, "_TRAINING", 140)
    monkeypatch.setattr(people, "backend_named", lambda name: MeanShape())
    with pytest.raises(ActionableError, match="trained on 150 instances and not on 140"):
        people.run(Options(images=5, work=str(work)), SILENT)
