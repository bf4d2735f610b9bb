"""The code of a backend that another package brought: what it raises and what it answers are its
own, and said to be. Nothing unsound comes into a project through it."""

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.learning.model_cards import CARD, read_card
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    ImageError,
    PluginFailed,
)
from landmark_annotator.projects.vocabulary.plugins import failed

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)
"""A disk that is full or may not be written to is no mistake of anybody's code."""
_BESIDE = (
    "reconsider",
    "embed",
    "class_weights",
    "unseen",
    "stages",
    "readings",
    "ablations",
    "regions",
    "segment",
    "exactly",
)
"""What a model may do beside proposing; see the protocols of `registry`."""
_ROUNDING = 1e-6
_FARTHEST = 10.0
"""Sides of the box from its middle to a landmark that is still one of its object."""

_failures: dict[tuple[str, Path, int | None], PluginFailed] = {}
"""Of this process: how a model failed at work, by its backend, its folder and when its card was
written."""


@dataclass(frozen=True)
class PluggedBackend:
    """name: of the backend. package: that brought it. imported: its module."""

    name: str
    package: str
    imported: Callable[[], Any]

    @contextmanager
    def blamed(self, *ours: type[ActionableError]) -> Iterator[None]:
        """What is raised inside becomes PluginFailed; but for `ours`, by default all that say what
        to do, and for what a disk refuses."""
        try:
            yield
        except (Exception, SystemExit) as error:
            full = isinstance(error, OSError) and error.errno in _DISK
            if full or isinstance(error, ours or ActionableError):
                raise
            raise failed(f"backend {self.name}", self.package, error) from error

    def load(self, folder: Path, scheme: Scheme, device: str) -> "PluggedModel":
        with self.blamed():
            model = self.imported().load(folder, scheme, device)
            return PluggedModel(model, len(scheme), partial(self._at_work, folder))

    def train(
        self, instances: Any, scheme: Scheme, folder: Path, *more: Any, **beside: Any
    ) -> Mapping[str, Any]:
        with self.blamed():
            card: Mapping[str, Any] = self.imported().train(
                instances, scheme, folder, *more, **beside
            )
            refuse_card(card, folder)
            return card

    def failure(self, folder: Path) -> PluginFailed | None:
        """How the model in the folder has failed at work since the program was started, if it was
        not trained anew: it would again."""
        return _failures.get(self._model(folder))

    @contextmanager
    def _at_work(self, folder: Path) -> Iterator[None]:
        try:
            with self.blamed(Cancelled, ImageError):
                yield
        except PluginFailed as error:
            _failures[self._model(folder)] = error
            raise

    def _model(self, folder: Path) -> tuple[str, Path, int | None]:
        try:
            written = (folder / CARD).stat().st_mtime_ns
        except OSError:
            written = None
        return self.name, folder, written


class PluggedModel:
    """Does what the model does, and checks what it proposes."""

    def __init__(
        self, model: Any, size: int, blamed: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """size: L. Raises TypeError where it is no model."""
        if not callable(getattr(model, "propose", None)):
            raise TypeError(f"what it loads is {type(model).__name__}, which proposes nothing")
        self._model, self._size, self._blamed = model, size, blamed
        for name in _BESIDE:
            if callable(getattr(model, name, None)):
                setattr(self, name, partial(self._asked, name))

    def propose(self, pixels: Pixels, box: Box, *more: Any, **named: Any) -> Proposal:
        proposal: Proposal = self._asked("propose", pixels, box, *more, **named)
        return proposal

    def _asked(self, name: str, *arguments: Any, **named: Any) -> Any:
        with self._blamed():
            answer = getattr(self._model, name)(*arguments, **named)
            if name == "exactly":
                return PluggedModel(answer, self._size, self._blamed)
            if name in ("propose", "reconsider"):
                refuse_unsound(answer, self._size)
            return answer


def refuse_unsound(proposal: object, size: int) -> None:
    """Raises TypeError or ValueError where it is no distribution over shapes of L = size."""
    if not isinstance(proposal, Proposal):
        raise TypeError(f"it proposed {type(proposal).__name__} and no Proposal")
    mixture, box = proposal.mixture, proposal.box
    if not isinstance(mixture, ShapeMixture):
        raise TypeError(f"it proposed {type(mixture).__name__} and no ShapeMixture")
    if not isinstance(box, Box):
        raise TypeError(f"it proposed for {type(box).__name__} and no Box")
    if mixture.size != size:
        raise ValueError(f"it proposed {mixture.size} landmarks, and there are {size}")
    farthest = float(np.abs(mixture.mean).max())
    if not np.isfinite(farthest):
        raise ValueError("it proposed positions that are no finite numbers")
    if farthest > _FARTHEST:
        raise ValueError(
            f"it proposed positions {farthest:.4g} sides of the box away: they are told in the "
            "frame of the box, and not in pixels"
        )
    if not _is_covariance(mixture.residual):
        raise ValueError("it proposed a residual that is no covariance")
    if not mixture.landmark_covariances.any():
        raise ValueError("it proposed a shape without any doubt, which no click could change")
    if not proposal.degrees > 0:
        raise ValueError(f"it proposed {proposal.degrees} degrees of freedom")


def _is_covariance(residual: Floats) -> bool:
    """Symmetric and without negative variance, but for rounding."""
    if not np.isfinite(residual).all():
        return False
    spare = _ROUNDING * float(np.abs(residual).max())
    if np.abs(residual - residual.T).max() > spare:
        return False
    try:
        np.linalg.cholesky(residual + (spare or 1.0) * np.eye(len(residual)))
    except np.linalg.LinAlgError:
        return False
    return True


def refuse_card(returned: object, folder: Path) -> None:
    """Raises TypeError or ValueError where a training has returned no card, or left none that can
    be read; that one is then taken away, for it says that a model is there."""
    try:
        _check(returned)
        _check(read_card(folder))
    except FileNotFoundError as error:
        raise ValueError(f"it left no {CARD} in {folder}") from error
    except (TypeError, ValueError):
        (folder / CARD).unlink(missing_ok=True)
        raise


def _check(card: object) -> None:
    """What is read of cards is what it should be, as far as it is there."""
    if not isinstance(card, Mapping):
        raise TypeError(f"its card is {type(card).__name__} and no dict")
    scheme = card.get("scheme")
    if not isinstance(scheme, Mapping) or not isinstance(scheme.get("landmarks"), list):
        raise ValueError("its card does not say which scheme it is for; see `begun_card`")
    for entry in ("instances", "figures", "settings"):
        if not isinstance(card.get(entry, {}), Mapping):
            raise TypeError(f'"{entry}" of its card is no dict')
    instances, figures = card.get("instances", {}), card.get("figures", {})
    numbers = {name: instances[name] for name in ("training", "held_out") if name in instances}
    errors = {name: value for name, value in figures.items() if name.startswith("held_out_error")}
    minutes = {"minutes": card["minutes"]} if "minutes" in card else {}
    for name, value in (numbers | errors | minutes).items():
        if not isinstance(value, int | float):
            raise TypeError(f'"{name}" of its card is {value!a:.40} and no number')
    if not isinstance(instances.get("unreadable", []), list):
        raise TypeError('"unreadable" of its card is no list')
