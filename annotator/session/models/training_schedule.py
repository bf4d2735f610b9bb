"""When a project has so many new labels that its models should learn from them."""

import json

from annotator.session.models.starting_weights import starting_weights
from backends.registry import DEFAULT_BACKEND, backend_named
from projects.store import InstanceState, Project

_PRIOR_GROWTH = 0.1
_TRAINING_GROWTH = 0.5
FEWEST_TO_TRAIN = 12
"""Labels from which on a network can beat the prior: on faces after a dozen."""


def prior_due(labels: int, learned_from: int) -> bool:
    """Whether to fit the prior again, which takes seconds: at first after each label."""
    return labels - learned_from >= max(1.0, _PRIOR_GROWTH * learned_from)


def training_due(labels: int, learned_from: int) -> bool:
    """Whether to train a network again, in the background: from a dozen labels on, and whenever
    they have grown by half."""
    return labels >= max(FEWEST_TO_TRAIN, (1 + _TRAINING_GROWTH) * learned_from)


def project_training_due(project: Project) -> bool:
    """Whether to train the project's network in the background now.

    Not where weights came with the program for just this scheme: those have learned from more than
    a few labels. Other weights that the project was told to start from are there to be left behind.
    """
    backend = backend_named(DEFAULT_BACKEND)
    told = starting_weights(project.models_folder) is not None
    if not told and backend.shipped(project.scheme) is not None:
        return False
    card = project.models_folder / backend.name / "card.json"
    try:
        instances = json.loads(card.read_text(encoding="utf-8"))["instances"]
        learned_from = int(instances["training"]) + int(instances["held_out"])
    except (OSError, ValueError, KeyError, TypeError):
        learned_from = 0
    return training_due(project.count_of(InstanceState.ACCEPTED), learned_from)
