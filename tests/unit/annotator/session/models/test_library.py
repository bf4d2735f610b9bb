"""Which models a project has, their order, and when another one may propose."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models import library as module
from landmark_annotator.annotator.session.models.library import (
    ModelLibrary,
    Origin,
    copy_models,
)
from landmark_annotator.annotator.session.models.proposers import Proposer, ProposerRecipe
from landmark_annotator.backends.registry import BACKENDS, Backend
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

SCHEME = Scheme("kite", tuple("abcd"))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    """Where weights come with the program under two names, one of them that of the scheme."""
    for name in ("kite", "birds"):
        (tmp_path / "program" / name).mkdir(parents=True)

    def weights(self: Backend, name: str) -> Path | None:
        return tmp_path / "program" / name if self is BACKENDS[0] else None

    monkeypatch.setattr(Backend, "weights", weights)
    monkeypatch.setattr(Backend, "shipped", lambda self, scheme: weights(self, scheme.name))
    return ModelLibrary(tmp_path / "models", SCHEME)


def train(models: ModelLibrary, backend: Backend) -> Path:
    card = models.own(backend).folder / "card.json"
    card.parent.mkdir(parents=True, exist_ok=True)
    card.write_text('{"held_out_keys": ["b", "d"]}')
    return card


def test_models_live_in_the_folder_of_the_project(project: Project) -> None:
    assert ModelLibrary.of(project).folder == project.folder / "models"


def test_trained_ones_go_before_what_was_told_and_what_came_with_the_program(
    models: ModelLibrary,
) -> None:
    models.start_from("birds")
    train(models, BACKENDS[1])
    found = [(model.name, model.origin) for model in models.kept()]
    assert found == [
        (BACKENDS[1].name, Origin.TRAINED),
        (BACKENDS[0].name, Origin.TOLD),
        (BACKENDS[0].name, Origin.SHIPPED),
    ]


def test_the_best_of_each_backend_comes_once(models: ModelLibrary) -> None:
    models.start_from("birds")
    train(models, BACKENDS[1])
    found = [(model.name, model.origin) for model in models.best_of_each()]
    assert found == [(BACKENDS[0].name, Origin.TOLD), (BACKENDS[1].name, Origin.TRAINED)]


def test_a_model_is_judged_on_what_its_training_held_out(models: ModelLibrary) -> None:
    train(models, BACKENDS[0])
    assert models.own(BACKENDS[0]).not_learned_from(["a", "b", "c"]) == ["b"]


class _GoneThroughOnce(list[str]):
    """Else each held-out one of a hundred thousand labels is looked for among all of them."""

    def __contains__(self, key: object) -> bool:
        raise AssertionError("all of them are looked through for one")


def test_many_labels_are_gone_through_once(models: ModelLibrary) -> None:
    train(models, BACKENDS[0])
    keys = _GoneThroughOnce(["a", "b", "c"])
    assert models.own(BACKENDS[0]).not_learned_from(keys) == ["b"]


def test_what_came_with_the_program_is_judged_on_all(models: ModelLibrary) -> None:
    (shipped,) = models.kept()
    assert shipped.not_learned_from(["a", "b", "c"]) == ["a", "b", "c"]


def again(models: ModelLibrary) -> None:
    os.utime(models.own(BACKENDS[1]).folder / "card.json", ns=(1, 1))


def compared(models: ModelLibrary) -> None:
    models.own(BACKENDS[1]).comparison_file.write_text("{}")


@pytest.mark.parametrize(
    "happens",
    [
        again,
        compared,
        lambda models: train(models, BACKENDS[0]),
        lambda models: models.start_from("birds"),
    ],
    ids=["trained again", "compared to the prior", "another trained", "told to start"],
)
def test_the_stamp_differs_when_another_model_may_propose(
    models: ModelLibrary, happens: Callable[[ModelLibrary], object]
) -> None:
    train(models, BACKENDS[1])
    before = models.stamp()
    assert models.stamp() == before
    happens(models)
    assert models.stamp() != before


@pytest.mark.parametrize(("labels", "name"), [(0, "none"), (2, "prior")])
def test_without_a_trained_model_a_few_labels_improve_what_proposes(
    tmp_path: Path, labels: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "all_backends", lambda: ())
    box = Box(50, 50, 100, 100)
    grey = np.full((100, 100, 3), 128, dtype=np.uint8)
    labelled = [
        LabelledInstance(str(i), box, Shape([[i, 0], [9, i], [0, 9], [5, 5]]), lambda: grey)
        for i in range(labels)
    ]
    proposer = ProposerRecipe(ModelLibrary(tmp_path, SCHEME), tuple(labelled)).make()
    assert proposer.name == name
    assert proposer.learns_at_once


def test_a_trained_model_waits_for_its_next_training(models: ModelLibrary) -> None:
    (shipped,) = models.kept()
    assert not Proposer("It came.", shipped).learns_at_once


def test_no_half_of_a_model_stays_in_a_copy_and_why_is_said_in_words(
    models: ModelLibrary, tmp_path: Path
) -> None:
    train(models, BACKENDS[0])
    train(models, BACKENDS[1]).with_name("weights.safetensors").symlink_to(tmp_path / "gone")
    with pytest.raises(ProjectError) as error:
        copy_models(tmp_path, tmp_path / "copy")
    assert error.value.happened == (
        "The trained models could not be copied: No such file or directory."
    )
    assert not (tmp_path / "copy" / "models").exists()
