"""The actions of the page of trainings."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="trainings")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "trainings_propose",
        "Trainings",
        "Propose with it again",
        ("P",),
        "Let the model of the chosen training take the place of its backend's present one",
    ),
    _Card(
        "trainings_reload",
        "Trainings",
        "Look again",
        ("F5",),
        "Read the records of all trainings again",
    ),
)
