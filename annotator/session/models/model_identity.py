"""Whether a model somewhere else is the very one that is here."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.learning.model_cards import CARD
from landmark_annotator.backends.shapes.recalibration import Recalibration
from landmark_annotator.projects.vocabulary import LabelledInstance
from landmark_annotator.projects.vocabulary.errors import ActionableError

_LENGTH = 16
_WEIGHTS = "*.safetensors"


def identity_of(proposer: Proposer) -> str:
    """Of what it proposes by: weights or labelled shapes, and what labels say of it. The same on
    every machine that would propose the same."""
    found = hashlib.sha256(proposer.name.encode())
    if isinstance(proposer.source, KeptModel):
        _add(found, (*files_of(proposer.source.folder), *map(_label, proposer.beside)))
    elif isinstance(proposer.source, PriorModel):
        _add(found, map(_label, proposer.source.labelled))
    for maker, recalibration in sorted(proposer.followed.items()):
        _add(found, (maker.encode(), _change(recalibration)))
    return found.hexdigest()[:_LENGTH]


def propose_alike(one: Proposer | None, other: Proposer | None) -> bool:
    """Whether both are known to propose the same, of two in one process: by the very same model,
    with the same said of it. At once, for nothing is read."""
    if one is None or other is None or one.model is None or one.model is not other.model:
        return False
    said = [{m: _change(r) for m, r in each.followed.items()} for each in (one, other)]
    return one.at_first == other.at_first and said[0] == said[1]


def identity_of_labels(labelled: Sequence[LabelledInstance], beside: Iterable[bytes]) -> str:
    """Of what is computed from labelled shapes and something beside them."""
    found = hashlib.sha256()
    _add(found, (*map(_label, labelled), *beside))
    return found.hexdigest()[:_LENGTH]


def files_of(folder: Path) -> Iterable[bytes]:
    """The card of a model and its weights, and their names. Raises OSError."""
    for file in (*sorted(folder.glob(CARD)), *sorted(folder.rglob(_WEIGHTS))):
        yield file.name.encode()
        yield file.read_bytes()


def check_same(there: str, here: str) -> None:
    """there: the identity where the work was sent from. Raises ActionableError."""
    if there != here:
        raise ActionableError(
            "A worker has another model than the one that it is to propose by.",
            kept="What was finished before is stored.",
            remedy="Workers need the project's folder at the same path, and this version of the "
            "program with all packages that the model needs. A model that was trained or a shape "
            "that was accepted meanwhile is another one: start again.",
        )


def _label(instance: LabelledInstance) -> bytes:
    shape = instance.shape
    parts = (
        f"{instance.key} {instance.group} {instance.box} {shape.provenance}".encode(),
        np.ascontiguousarray(shape.points, "<f8").tobytes(),
        np.ascontiguousarray(shape.visibility, "u1").tobytes(),
        np.ascontiguousarray(shape.covariances, "<f8").tobytes(),
    )
    return b"".join(parts)


def _change(recalibration: Recalibration) -> bytes:
    moved = b"" if recalibration.shift is None else np.asarray(recalibration.shift).tobytes()
    return f"{recalibration.widening!r} {recalibration.degrees!r} ".encode() + moved


def _add(found: "hashlib._Hash", parts: Iterable[bytes]) -> None:
    """Each by its own hash, so that where one ends makes a difference."""
    for part in parts:
        found.update(hashlib.sha256(part).digest())
