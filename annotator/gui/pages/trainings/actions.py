"""The actions of the page of trainings."""

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

CARDS: tuple[ActionCard, ...] = (
    ActionCard(
        "trainings_reload",
        "Trainings",
        "Look again",
        ("F5",),
        "Read the records of all trainings again",
        page="trainings",
    ),
)
