"""The actions of the dashboard."""

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

CARDS: tuple[ActionCard, ...] = (
    ActionCard(
        "dashboard_reload",
        "Dashboard",
        "Look again",
        ("F5",),
        "Read the project again: others may have worked on it",
        page="dashboard",
    ),
)
