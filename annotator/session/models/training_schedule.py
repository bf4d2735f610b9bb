"""When a project has so many new labels that its models should learn from them."""

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.store import InstanceState, Project

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
    return labels >= FEWEST_TO_TRAIN and has_grown(labels, learned_from)


def has_grown(labels: int, learned_from: int) -> bool:
    """Whether so many are by half more than what was learned from."""
    return labels >= (1 + _TRAINING_GROWTH) * learned_from


def first_is_quick(project: Project, backend: str) -> bool:
    """Whether people wait for a first network: nothing but the prior, and what was carried over
    from labelled images, proposes yet. The network that most train first has a short course."""
    if backend != DEFAULT_BACKEND:
        return False
    library, card = ModelLibrary.of(project), backend_named(backend)
    unknown = library.starting_weights is None and not library.came(card)
    return unknown and not library.own(card).learned_from


def project_training_due(project: Project) -> bool:
    """Whether to train the project's network in the background now.

    Not where weights came with the program for just this scheme: those have learned from more than
    a few labels. Other weights that the project was told to start from are there to be left behind.
    """
    backend = backend_named(DEFAULT_BACKEND)
    library = ModelLibrary.of(project)
    if library.starting_weights is None and library.came(backend):
        return False
    own = library.own(backend)
    learned_from = 0 if own.is_first else own.learned_from
    return training_due(project.count_of(InstanceState.ACCEPTED), learned_from)
