"""Landmark annotation as a library: everything that is public, loaded when it is first asked for.

`import landmark_annotator` loads nothing else: neither Torch nor Qt, nor a database. What each name
is stands in docs/reference/api.md. The folders that `landmark_annotator.annotator` and the others
name are links: the checkout is importable as it is installed, by tools as well as by Python.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landmark_annotator.annotator.api.instances import Arrays, Instance, arrays, instances
    from landmark_annotator.annotator.api.labels import import_labels, import_proposals
    from landmark_annotator.annotator.api.models import condition, dataset, propose, train
    from landmark_annotator.annotator.api.work import certify, fill, sparse_format
    from landmark_annotator.backends.dataset import LandmarkDataset
    from landmark_annotator.backends.shapes import Posterior, Proposal
    from landmark_annotator.projects.exchange import Split, export_labels, export_set
    from landmark_annotator.projects.store import InstanceState, Project
    from landmark_annotator.projects.vocabulary import (
        ActionableError,
        Box,
        Evidence,
        Provenance,
        Scheme,
        Shape,
        Visibility,
    )

__all__ = [
    "ActionableError",
    "Arrays",
    "Box",
    "Evidence",
    "Instance",
    "InstanceState",
    "LandmarkDataset",
    "Posterior",
    "Project",
    "Proposal",
    "Provenance",
    "Scheme",
    "Shape",
    "Split",
    "Visibility",
    "arrays",
    "certify",
    "condition",
    "dataset",
    "export_labels",
    "export_set",
    "fill",
    "import_labels",
    "import_proposals",
    "instances",
    "propose",
    "sparse_format",
    "train",
]

_ROOMS = {
    "annotator.api.instances": ("Arrays", "Instance", "arrays", "instances"),
    "annotator.api.labels": ("import_labels", "import_proposals"),
    "annotator.api.models": ("condition", "dataset", "propose", "train"),
    "annotator.api.work": ("certify", "fill", "sparse_format"),
    "backends.dataset": ("LandmarkDataset",),
    "backends.shapes": ("Posterior", "Proposal"),
    "projects.exchange": ("Split", "export_labels", "export_set"),
    "projects.store": ("InstanceState", "Project"),
    "projects.vocabulary": (
        "ActionableError",
        "Box",
        "Evidence",
        "Provenance",
        "Scheme",
        "Shape",
        "Visibility",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
