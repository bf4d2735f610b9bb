"""annotator decide: whose label of an object stands, where two people have labelled it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.review.decisions import SharedObject
    from landmark_annotator.projects.store import ImageRecord, Project

_SHOWN = 20
"""Objects of a list that a person is shown; a script gets all of them with --json."""


def decide(
    project: ProjectFolder,
    whose: Annotated[
        str | None, typer.Option("--for", metavar="NAME", help="Whose label stands.")
    ] = None,
    both: Annotated[
        bool, typer.Option("--both", help="Both labels count again, where one was let stand.")
    ] = False,
    image: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Of the objects in this image; with its folder where several."
        ),
    ] = None,
    objects: Annotated[
        list[int] | None,
        typer.Option("--object", metavar="ID", help="Of this object, by the id of either label."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Of all objects that two people have labelled.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say whose label of an object stands, where two people have labelled it; without an option,
    list what stands and what nobody has decided.

    The other label counts no more and is in no training and no export; how far the two are apart
    is measured on both as before. For a lead; one step for undo, in the window as well.

    Example: annotator decide faces --for lea --image img_0012.jpg
    """
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.decisions import (
        among,
        by_object,
        decide_for,
        let_all_count,
        shared_objects,
    )
    from landmark_annotator.annotator.session.review.named_images import images_named
    from landmark_annotator.annotator.session.review.standing_labels import DECIDING

    named = bool(image or objects)
    if whose is None and not both:
        if named or everything:
            raise typer.BadParameter("say whose: --for NAME, or --both", param_hint="--for")
        with open_to_read(project) as opened:
            _tell(opened, shared_objects(opened), {}, as_json=as_json)
        return
    if whose is not None and both:
        raise typer.BadParameter("goes not with --for", param_hint="--both")
    if named == everything:
        which = "--image NAME, --object ID or --all"
        raise typer.BadParameter(f"say of which objects: {which}", param_hint="--object")
    with open_to_write(project, much=everything, deed=DECIDING) as opened:
        chosen = found = shared_objects(opened)
        if named:
            images = {record.id for record in images_named(opened, image or ())}
            chosen = among(found, images, objects or ())
        if everything:
            opened.back_up_before("decide")
        if whose is not None:
            entries = decide_for(opened, chosen, whose, who=who())
        else:
            entries = let_all_count(opened, chosen, who=who())
        changed = {entry.instance_id for entry in entries}
        done = [each for each in chosen if not changed.isdisjoint(each.pair.ids)]
        earlier = [each for each in done if each.standing not in (None, whose)]
        facts = {
            "decided_for": whose,
            "changed": [list(each.pair.ids) for each in done],
            "replaced": [list(each.pair.ids) for each in earlier],
        }
        said = _said(whose, by_object(done)) + _replaced(whose, by_object(earlier))
        _tell(opened, shared_objects(opened), facts, as_json=as_json, said=said)


def _said(whose: str | None, done: Sequence[Sequence["SharedObject"]]) -> str:
    """done: of each object that was changed every two people's labels."""
    if not done:
        return "That is so already: nothing was changed."
    objects = counted(len(done), "object")
    if whose is None:
        return f"{_all_labels(done)} of {objects} count."
    return f"{whose}'s label stands for {objects}."


def _replaced(whose: str | None, earlier: Sequence[Sequence["SharedObject"]]) -> str:
    """earlier: of each object of which something else had been decided every two people's labels;
    that both count again is what was asked for."""
    if whose is None or not earlier:
        return ""
    of = counted(len(earlier), "of these", "of these")
    return f" In {of} somebody else's had been let stand; undo brings that back."


def _all_labels(objects: Sequence[Sequence["SharedObject"]]) -> str:
    return "Both labels" if all(len(each) == 1 for each in objects) else "All labels"


def _tell(
    opened: "Project",
    found: Sequence["SharedObject"],
    facts: Mapping[str, Any],
    *,
    as_json: bool,
    said: str = "",
) -> None:
    from landmark_annotator.projects.images.source import image_name

    images = opened.some_images({each.pair.image_id for each in found})
    rows = [_facts(each, images[each.pair.image_id]) for each in found]
    text = said or _listed(found, {i: image_name(image) for i, image in images.items()})
    answer({**facts, "objects": rows}, text, as_json=as_json)


def _facts(each: "SharedObject", image: "ImageRecord") -> dict[str, Any]:
    from landmark_annotator.projects.images.source import image_name

    return {
        "image": image.path,
        "frame": image.frame,
        "name": image_name(image),
        "instances": list(each.pair.ids),
        "people": list(each.people),
        "percent": round(each.percent, 4),
        "stands": each.standing,
    }


def _listed(found: Sequence["SharedObject"], names: Mapping[int, str]) -> str:
    """names: of the images, by their ids."""
    from landmark_annotator.annotator.session.review.agreement import NOBODY, NOTHING_IN_COMMON
    from landmark_annotator.annotator.session.review.decisions import by_object

    if not found:
        return f"{NOTHING_IN_COMMON} {NOBODY}"
    # Of three people whose labels an object has one may stand over another, and the third count.
    objects = by_object(found)
    open_ones = [one for one in objects if any(each.standing is None for each in one)]
    stands = [each for one in objects if all(e.standing is not None for e in one) for each in one]
    others = [each for one in open_ones for each in one]
    parts = [f"One person's label stands for {counted(len(objects) - len(open_ones), 'object')}."]
    if stands:
        parts.append(_table(stands, names))
    if others:
        labels = "both labels" if all(len(one) == 1 for one in open_ones) else "several labels"
        parts.append(f"Of {counted(len(open_ones), 'object')} {labels} count:")
        parts.append(_table(others, names))
        parts.append("--for NAME with --image NAME, --object ID or --all lets one of them stand.")
    return "\n".join(parts)


def _table(several: Sequence["SharedObject"], names: Mapping[int, str]) -> str:
    decided = any(each.standing is not None for each in several)
    rows = [("image", "id", "of", "id", "of", "apart %", *(("stands",) if decided else ()))]
    for each in several[:_SHOWN]:
        (first, second), (one, other) = each.pair.ids, each.people
        standing = (each.standing or "",) if decided else ()
        name = names[each.pair.image_id]
        rows.append((name, f"{first}", one, f"{second}", other, f"{each.percent:.2f}", *standing))
    rest = len(several) - _SHOWN
    more = f"\n{rest:,} more, with --json." if rest > 0 else ""
    return f"{columns(rows)}{more}"
