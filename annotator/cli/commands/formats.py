"""annotator formats: the label formats, and what of a label each of them holds."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson
from landmark_annotator.annotator.cli.support.output import answer


def formats(
    name: Annotated[
        str | None, typer.Argument(help="One of them, to see what it holds.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the label formats, or show what of a label one of them holds, and its layout.

    Example: annotator formats yolo
    """
    from dataclasses import asdict
    from inspect import getdoc

    from landmark_annotator.projects.exchange import by_name
    from landmark_annotator.projects.exchange import formats as every

    cards = every() if name is None else (by_name(name),)
    facts = {
        card.name: {
            "title": card.title,
            "written": card.writer is not None,
            "carries": asdict(card.carries) if card.carries else None,
        }
        for card in cards
    }
    width = max(len(card.name) for card in cards)
    lines = [
        f"{card.name.ljust(width)}  {card.title}{'' if card.writer else ', only read'}"
        for card in cards
    ]
    if name is not None and cards[0].carries is not None:
        carried = asdict(cards[0].carries)
        lines += [f"    {what}: {how}" for what, how in carried.items()]
    layout = None if name is None else getdoc(cards[0].reader())
    if layout:
        lines += ["", layout]
    answer({"formats": facts}, "\n".join(lines), as_json=as_json)
