"""annotator agreement: how far the labels of two people are apart."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, Seed
from landmark_annotator.annotator.cli.support.output import answer, columns, counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.review.agreement import Agreement
    from landmark_annotator.projects.store import PixelSizes
    from landmark_annotator.projects.vocabulary import Scheme

_SHOWN = 10
"""Landmarks that a person is shown; a script gets all of them with --json."""


def agreement(
    project: ProjectFolder,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="A B", help="Two people; by default every two with objects in common."
        ),
    ] = None,
    ask: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Have N accepted objects labelled a second time."),
    ] = None,
    flag: Annotated[
        bool,
        typer.Option(
            "--flag", help="Send labels that are far from everybody else's to review, with a flag."
        ),
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Show how far two people's labels of the same objects are apart, and on which landmarks; and
    how each person places beside all others: distance, habit, steadiness, outliers.

    No model can be asked to come nearer to one of them than they come to each other. With --ask,
    objects are drawn at random and wait for a second person, who does not see the first one's
    labels.

    Example: annotator agreement skulls --between junior senior
    """
    from landmark_annotator.annotator.cli.reports.annotator_report import (
        annotator_facts,
        annotator_report,
    )
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.agreement import (
        NOBODY,
        NOTHING_IN_COMMON,
        agreement_of,
        agreements,
    )
    from landmark_annotator.annotator.session.review.each_annotator import (
        annotators,
        flag_outliers,
        flags_told,
        images_of_outliers,
    )
    from landmark_annotator.annotator.session.review.row_names import row_names
    from landmark_annotator.annotator.session.review.second_opinions import awaited, still_to_come

    if ask is not None:
        if flag or between is not None:
            raise typer.BadParameter("goes neither with --between nor --flag", param_hint="--ask")
        _ask(project, ask, seed, as_json)
        return
    if flag and between is not None:
        raise typer.BadParameter("--flag is about all people", param_hint="--flag")
    with open_to_write(project) if flag else open_to_read(project) as opened:
        found = agreements(opened) if between is None else [agreement_of(opened, *between)]
        scheme, sizes = opened.scheme, opened.pixel_sizes()
        several = between is None and any(one.counting.any() for one in found)
        each = annotators(opened) if several else None
        outliers = [] if each is None else each.outliers()
        odd = [one.instance_id for one in outliers]
        images, names = images_of_outliers(opened, outliers), row_names(opened, odd)
        flagged = flag_outliers(opened, outliers, who=who()) if flag else []
        missing = 0 if found else len(awaited(opened))
    facts: dict[str, Any] = {"agreements": [_facts(one, scheme, sizes) for one in found]}
    texts = [_report(one, scheme, sizes) for one in found]
    if each is not None:
        facts |= annotator_facts(each, scheme, images) | {"flagged": flagged}
        texts.append(annotator_report(each, scheme, names))
    if flag:
        texts.append(flags_told(outliers, flagged))
    text = "\n\n".join(texts)
    remedy = still_to_come(missing) if missing else NOBODY
    answer(facts, text or f"{NOTHING_IN_COMMON} {remedy}", as_json=as_json)


def _ask(project: Path, count: int, seed: int, as_json: bool) -> None:
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
    from landmark_annotator.projects.store import InstanceState

    with open_to_write(project) as opened:
        added = ask_for_second_opinions(opened, count, seed=seed, who=who())
        blind, second = opened.blind_instances(), opened.second_opinions()
        done = {r.id for r in opened.instances() if r.state is InstanceState.ACCEPTED}
        left, before = len(done - blind), len(second.keys() - done - set(added))
    text = f"{counted(len(added), 'object waits', 'objects wait')} for a second opinion"
    text += f", beside {before:,} that did before." if before else "."
    if len(added) < count:
        text += " No more accepted objects are without one."
    if added and blind:
        text += (
            " Until it is given, nobody but their author sees the first labels, and models learn "
            f"from the {left:,} other accepted shapes alone."
        )
    answer({"added": added}, text, as_json=as_json)


def _report(found: "Agreement", scheme: "Scheme", sizes: "PixelSizes") -> str:
    from landmark_annotator.annotator.session.review.agreement import Spread

    millimetres = found.millimetres(sizes)
    known = any(math.isfinite(value) for value in millimetres.flat)
    nme, spreads, bias = found.spread, found.of_landmarks, found.bias
    said = found.said_of_absence(scheme.landmarks), found.said_of_proposals
    besides = "".join(f"{sentence}\n" for sentence in said if sentence)
    if not found.counting.any():
        return f"{_in_common(found)}\n{besides}".rstrip()
    unit = ("mm",) if known else ()
    rows = [("landmark", "mean %", "median %", "95 % below", "pixels", *unit, "shift x, y")]
    for i in found.worst_landmarks()[:_SHOWN]:
        spread, pixels = spreads[i], Spread.of(found.pixels[found.counting, i])
        rows.append(
            (
                scheme.landmarks[i],
                f"{spread.mean:.2f}",
                f"{spread.median:.2f}",
                f"{spread.high:.2f}",
                f"{pixels.mean:.1f}",
                *((_told(Spread.of(millimetres[found.counting, i]).mean),) if known else ()),
                f"{bias[i, 0]:+.1f}, {bias[i, 1]:+.1f}",
            )
        )
    head = (
        f"{_in_common(found)}\n"
        f"NME between them {nme.mean:.2f} % of {scheme.divisor}{found.said_in_millimetres(sizes)} "
        f"(median {nme.median:.2f}, 95 % below {nme.high:.2f}).\n"
        f"{besides}"
        f"Where they differ most; shift is from {found.first} to {found.second} in pixels:"
    )
    rest = len(found.worst_landmarks()) - _SHOWN
    more = (
        f"\n{counted(rest, 'more landmark agrees', 'more landmarks agree')} better."
        if rest > 0
        else ""
    )
    return f"{head}\n{columns(rows)}{more}"


def _told(millimetres: float) -> str:
    """A dash where nobody knows what a pixel measures of the images with the landmark."""
    from landmark_annotator.projects.vocabulary.wording import fine

    return "-" if math.isnan(millimetres) else fine(millimetres)


def _in_common(found: "Agreement") -> str:
    return f"{found.first} and {found.second}: {counted(len(found.pairs), 'object')} in common."


def _facts(found: "Agreement", scheme: "Scheme", sizes: "PixelSizes") -> dict[str, Any]:
    from landmark_annotator.annotator.session.review.agreement import Spread

    millimetres = found.millimetres(sizes)
    nme, bias, spreads = found.spread, found.bias, found.of_landmarks
    counting = found.counting
    millimetres, in_pixels = millimetres[counting], found.pixels[counting]
    of_objects = found.nme_in_millimetres(sizes)[counting]
    return {
        "first": found.first,
        "second": found.second,
        "objects": len(found.pairs),
        "untouched_proposals": sum(pair.as_proposed for pair in found.pairs),
        "landmarks_left_to_model": found.left_to_model,
        "landmarks_of_one_alone": found.of_one_alone(scheme.landmarks),
        "nme": _of(nme) | {"mm": _length(Spread.of(of_objects).mean)},
        "nme_with_untouched": _of(found.spread_of_all),
        "landmarks": {
            name: _of(spreads[i])
            | {
                "pixels": _plain(Spread.of(in_pixels[:, i]).mean),
                "mm": _length(Spread.of(millimetres[:, i]).mean),
                "shift": bias[i].tolist(),
            }
            for i, name in enumerate(scheme.landmarks)
        },
        "worst": [
            {"image": pair.image_id, "instances": [*pair.ids], "nme": found.of_each[n]}
            for n in found.worst_pairs()[:_SHOWN]
            for pair in [found.pairs[n]]
        ],
    }


def _of(spread: Any) -> dict[str, float | None]:
    return {
        "mean": _plain(spread.mean),
        "median": _plain(spread.median),
        "below_95": _plain(spread.high),
    }


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _length(value: float) -> float | None:
    """In millimetres, of which four decimals may be none."""
    from landmark_annotator.annotator.session.review.millimetres import exact

    return None if math.isnan(value) else exact(value)
