"""What proposes while flies are labelled: a network from a dozen on, and again by half as many."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import video_flies_models
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.video_flies_models import FlyModels
from landmark_annotator.backends.registration import Accompanied, RegistrationModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

SCHEME = Scheme("two", ("head", "tail"))


def _labelled(count: int) -> list[LabelledInstance]:
    shape = Shape(np.array([[10.0, 10.0], [20.0, 20.0]]))
    picture = np.zeros((30, 30, 3), np.uint8)
    box = Box(15, 15, 20, 20)
    return [LabelledInstance(str(n), box, shape, lambda: picture) for n in range(count)]


@dataclass(frozen=True)
class _Network:
    learned: int

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        raise NotImplementedError


def _models(monkeypatch: pytest.MonkeyPatch, *, most: int = 99) -> tuple[FlyModels, list[_Network]]:
    """With networks that are made at once, and these."""
    trained: list[_Network] = []

    def made(self: FlyModels, instances: list[LabelledInstance]) -> tuple[_Network, set[str]]:
        trained.append(_Network(len(instances)))
        return trained[-1], {instances[0].key}

    monkeypatch.setattr(FlyModels, "_trained", made)
    return FlyModels(SCHEME, Options(), SILENT, most), trained


def test_a_network_learns_from_a_dozen_on_and_whenever_they_have_grown_by_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models, trained = _models(monkeypatch)
    first, *later = (models.after(_labelled(count)) for count in (2, 12, 14, 18, 20))
    assert isinstance(first, RegistrationModel)
    networks = [each.proposes for each in later if isinstance(each, Accompanied)]
    assert [each.learned for each in trained] == [12, 18]
    assert networks == [trained[n].propose for n in (0, 0, 1, 1)]
    assert (models.trainings, models.learned_from) == (2, 18)


def test_without_networks_registration_learns_from_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models, trained = _models(monkeypatch, most=0)
    assert isinstance(models.after(_labelled(40)), RegistrationModel)
    assert not trained


def test_registration_beside_a_network_knows_nothing_of_what_judges_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registered: list[set[str]] = []
    made = RegistrationModel.of

    def noted(instances: list[LabelledInstance], *rest: Any) -> RegistrationModel:
        registered.append({each.key for each in instances})
        return made(instances, *rest)

    monkeypatch.setattr(RegistrationModel, "of", noted)
    models, _ = _models(monkeypatch)
    models.after(_labelled(12))
    assert registered == [{str(n) for n in range(1, 12)}]


def test_time_is_judged_by_what_has_not_learned_from_the_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Registration can do without any, a network only without those that were held out."""
    models, _ = _models(monkeypatch)
    known = _labelled(12)
    alone = models.without(["3"], known)
    assert isinstance(alone, RegistrationModel)
    assert models.after(known) is models.without(["0", "later"], known)
    assert models.without(["0", "3"], known) is None


def test_no_more_networks_learn_than_were_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    models, trained = _models(monkeypatch, most=1)
    for count in (12, 18, 40):
        models.after(_labelled(count))
    assert [each.learned for each in trained] == [12]


def test_a_network_that_is_kept_is_of_the_same_labels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It went by their number: another run's, in other boxes, was taken for it."""
    trained: list[Path] = []

    class Backend:
        name = "network"

        def train(
            self, instances: list[LabelledInstance], _: Scheme, folder: Path, *__: Any
        ) -> None:
            trained.append(folder)
            folder.mkdir()
            (folder / "card.json").write_text('{"minutes": 1, "held_out_keys": ["0"]}')

        def load(self, folder: Path, scheme: Scheme) -> _Network:
            return _Network(12)

    monkeypatch.setattr(video_flies_models, "backend_named", lambda _: Backend())
    labels = _labelled(12)
    other = [replace(labels[0], box=Box(15, 15, 22, 22)), *labels[1:]]
    for each in (labels, labels, other):
        FlyModels(SCHEME, Options(work=str(tmp_path)), SILENT, 1).after(each)
    assert len(trained) == 2
