"""The actions of the budget page."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="budget")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "budget_more",
        "Budget",
        "More points",
        ("Right",),
        "Look at the next larger format",
        repeats=True,
    ),
    _Card(
        "budget_fewer",
        "Budget",
        "Fewer points",
        ("Left",),
        "Look at the next smaller format",
        repeats=True,
    ),
    _Card(
        "budget_recommended",
        "Budget",
        "The recommended number",
        ("R",),
        "Look at the format that is recommended, and why",
    ),
    _Card(
        "budget_plan",
        "Budget",
        "Make it the plan",
        ("Ctrl+Return", "Ctrl+Enter"),
        "From now on annotators are asked for just these points; the model places the rest",
    ),
    _Card(
        "budget_no_plan",
        "Budget",
        "No plan any more",
        ("N",),
        "From now on annotators are asked for what the model asks for",
    ),
    _Card(
        "budget_fill",
        "Budget",
        "Fill in the rest",
        ("Ctrl+L",),
        "Fill in all landmarks where only some were clicked, after a look at how good it is",
    ),
    _Card("budget_reload", "Budget", "Look again", ("F5",), "Measure again on all labels"),
)
