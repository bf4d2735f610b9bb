"""The actions that draw masks of regions."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="label")

CARDS: tuple[ActionCard, ...] = (
    _Card(
        "brush",
        "Regions",
        "Brush",
        ("Shift+B",),
        "Draw the chosen region with a round brush; with Alt or the right button, erase",
    ),
    _Card("eraser", "Regions", "Eraser", ("Shift+E",), "Take pixels from the chosen region"),
    _Card(
        "polygon",
        "Regions",
        "Polygon",
        ("Shift+P",),
        "Outline the chosen region corner by corner, or by dragging; Enter closes it, "
        "undo takes the last corner back",
    ),
    _Card(
        "fill_region",
        "Regions",
        "Fill",
        ("Shift+F",),
        "Fill a hole of the chosen region, or what has the colour that is clicked",
    ),
    _Card(
        "say_region",
        "Regions",
        "Click what belongs to it",
        ("Shift+C",),
        "A click says that the place belongs to the region, with Alt that it does not",
    ),
    _Card(
        "next_region",
        "Regions",
        "Next region",
        ("Shift+G",),
        "Draw the next region of the list",
        repeats=True,
    ),
    _Card(
        "region_not_seen",
        "Regions",
        "Not to be seen",
        ("Shift+X",),
        "Say that the chosen region is not to be seen in this object",
    ),
    _Card(
        "clear_region",
        "Regions",
        "Clear the region",
        ("Shift+Backspace",),
        "Take back all that is stored of the chosen region in this object",
    ),
    _Card(
        "hide_masks",
        "Regions",
        "Hide the masks",
        ("Shift+M",),
        "Hide the masks of regions, or show them again",
        toggles=True,
    ),
)
