"""Telling a project which weights to start from.

Otherwise they are those that come with the program for its scheme. What is named here goes before
them: weights that learned from rendered heads alone, for example, where photographs for research
only must not stand behind a model, or where the heads to be labelled are rendered themselves.
"""

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.backends.learning.model_cards import is_made_for, read_card
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest


def check_weights(name: str, scheme: Scheme) -> None:
    """name: of weights of the default backend that come with the program.

    Raises ActionableError where there are none of that name, or they are of other landmarks.
    """
    backend = backend_named(DEFAULT_BACKEND)
    folder = backend.weights(name)
    if folder is None:
        known = backend.weights_names()
        raise ActionableError(
            f'No weights called "{name}" come with the program.{closest(name, known)}',
            remedy=f"There are {', '.join(known)}.",
        )
    card = read_card(folder)
    if not is_made_for(card, scheme):
        raise ActionableError(
            f"The weights {name} are of other landmarks than the scheme {scheme.name}.",
            remedy=f"They are for the landmarks of {card['scheme']['name']}.",
        )


def start_from_weights(project: Project, name: str) -> None:
    """From now on. Raises ActionableError as `check_weights` does."""
    check_weights(name, project.scheme)
    ModelLibrary.of(project).start_from(name)
