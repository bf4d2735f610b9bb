"""A backend of another package that breaks: what it did is said, and nothing of it is kept."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from landmark_annotator.backends import registry
from landmark_annotator.backends.registry import Backend, Reconsidering
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme
from landmark_annotator.projects.vocabulary.errors import ImageError, PluginFailed, TooFewLabels
from landmark_annotator.projects.vocabulary.plugins import BACKENDS, Plugin

PAIR = Scheme("pair", ("one", "two"))
BOX = Box(10, 10, 8, 8)
PIXELS = np.zeros((20, 20, 3), np.uint8)
MEAN, RESIDUAL = np.array([[-0.2, 0.0], [0.2, 0.0]]), 0.01 * np.eye(4)


def mixture(mean: Any = MEAN, residual: Any = RESIDUAL, weight: float = 0.0) -> ShapeMixture:
    return ShapeMixture(np.array([weight]), np.asarray(mean, float)[None], np.asarray(residual))


def raises(error: BaseException) -> Callable[..., Any]:
    def raising(*_: Any, **__: Any) -> Any:
        raise error

    return raising


class Model:
    def __init__(self, propose: Callable[[Any, Any], Any]) -> None:
        self.propose = propose


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Backend]:
    """The card of a backend with these functions, as a package would bring it."""
    monkeypatch.setattr("landmark_annotator.backends.plugged_backend._failures", {})

    def bring(**functions: Any) -> Backend:
        module = ModuleType("others")
        vars(module).update(functions)
        card = Backend("mine", "my model", (), "Any.", "others")
        monkeypatch.setitem(sys.modules, "others", module)
        brought = Plugin(BACKENDS, "mine", "mine-shape 1.0", card)
        monkeypatch.setattr(registry, "plugged_backends", lambda: (brought,))
        return card

    return bring


def loaded(plugged: Callable[..., Backend], propose: Callable[[Any, Any], Any]) -> Any:
    return plugged(load=lambda *_: Model(propose)).load(Path("m"), PAIR)


def test_a_sound_proposal_is_handed_on(plugged: Callable[..., Backend]) -> None:
    given = Proposal(BOX, mixture(), "mine")
    assert loaded(plugged, lambda *_: given).propose(PIXELS, BOX) is given


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "NoneType and no Proposal"),
        (MEAN, "ndarray and no Proposal"),
        (Proposal(BOX, MEAN, "mine"), "no ShapeMixture"),  # type: ignore[arg-type]
        (Proposal((1, 2, 3, 4), mixture(), "mine"), "no Box"),  # type: ignore[arg-type]
        (Proposal(BOX, mixture(np.zeros((3, 2)), np.eye(6)), "mine"), "3 landmarks, .* are 2"),
        (Proposal(BOX, mixture(MEAN * np.nan), "mine"), "no finite"),
        (Proposal(BOX, mixture(100 * MEAN + 50), "mine"), "not in pixels"),
        (Proposal(BOX, mixture(residual=RESIDUAL * np.nan), "mine"), "no covariance"),
        (Proposal(BOX, mixture(residual=-RESIDUAL), "mine"), "no covariance"),
        (Proposal(BOX, mixture(residual=RESIDUAL + np.eye(4, k=1)), "mine"), "no covariance"),
        (Proposal(BOX, mixture(residual=0 * RESIDUAL), "mine"), "without any doubt"),
        (Proposal(BOX, mixture(), "mine", degrees=-1), "degrees"),
    ],
)
def test_what_is_no_sound_proposal_is_the_packages_mistake(
    plugged: Callable[..., Backend], answer: Any, said: str
) -> None:
    with pytest.raises(PluginFailed, match=f"backend mine, a plug-in of mine-shape 1.0.*{said}"):
        loaded(plugged, lambda *_: answer).propose(PIXELS, BOX)


@pytest.mark.parametrize(
    "error",
    [KeyError("nose"), RuntimeError("CUDA"), FileNotFoundError(2, "no"), SystemExit(3),
     TooFewLabels("none")],
)  # fmt: skip
def test_what_a_model_raises_is_told_and_remembered_until_it_is_trained_anew(
    plugged: Callable[..., Backend], tmp_path: Path, error: BaseException
) -> None:
    backend = plugged(load=lambda *_: Model(raises(error)))
    assert backend.failure(tmp_path) is None
    with pytest.raises(PluginFailed, match=r"mine-shape 1\.0, failed"):
        backend.load(tmp_path, PAIR).propose(PIXELS, BOX)
    assert backend.failure(tmp_path) is not None
    (tmp_path / "card.json").write_text("{}")
    assert backend.failure(tmp_path) is None


def test_an_image_that_cannot_be_read_is_no_mistake_of_its(plugged: Callable[..., Backend]) -> None:
    with pytest.raises(ImageError, match="gone"):
        loaded(plugged, raises(ImageError("gone"))).propose(PIXELS, BOX)


@pytest.mark.parametrize("load", [lambda *_: None, lambda *_: "m", raises(RuntimeError("no"))])
def test_what_loads_no_model_is_told(plugged: Callable[..., Backend], load: Any) -> None:
    with pytest.raises(PluginFailed, match=r"mine-shape 1\.0, failed"):
        plugged(load=load).load(Path("m"), PAIR)


def test_what_else_a_model_can_do_stays_and_is_checked(plugged: Callable[..., Backend]) -> None:
    class Again(Model):
        def reconsider(self, *_: Any) -> Any:
            return None

    model = plugged(load=lambda *_: Again(lambda *_: None)).load(Path("m"), PAIR)
    assert isinstance(model, Reconsidering)
    assert not isinstance(loaded(plugged, lambda *_: None), Reconsidering)
    with pytest.raises(PluginFailed, match="no Proposal"):
        model.reconsider(PIXELS, Proposal(BOX, mixture(), "mine"), [])


CARD = {"scheme": PAIR.to_dict()}


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (None, "NoneType and no dict"),
        ("done", "str and no dict"),
        ({}, "which scheme"),
        ({"scheme": 5}, "which scheme"),
        ({**CARD, "figures": [1]}, "figures.*no dict"),
        ({**CARD, "figures": {"held_out_error": "good"}}, "held_out_error.*no number"),
        ({**CARD, "instances": {"training": "all"}}, "training.*no number"),
        ({**CARD, "minutes": None}, "minutes.*no number"),
    ],
)
def test_a_training_without_a_card_leaves_no_model(
    plugged: Callable[..., Backend], tmp_path: Path, card: Any, said: str
) -> None:
    def train(*arguments: Any) -> Any:
        (tmp_path / "card.json").write_text(json.dumps(card))
        return card

    with pytest.raises(PluginFailed, match=said):
        plugged(train=train).train([], PAIR, tmp_path, {}, SILENT)
    assert not list(tmp_path.iterdir())


def test_a_training_that_writes_nothing_is_told(
    plugged: Callable[..., Backend], tmp_path: Path
) -> None:
    with pytest.raises(PluginFailed, match=r"left no card\.json"):
        plugged(train=lambda *_: CARD).train([], PAIR, tmp_path, {}, SILENT)


def test_a_full_disk_is_nobodys_mistake(plugged: Callable[..., Backend], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space"):
        plugged(train=raises(OSError(28, "no space"))).train([], PAIR, tmp_path, {}, SILENT)
