"""annotator status: how far a project is."""

from typing import TYPE_CHECKING

from landmark_annotator.annotator.cli.support.heading_note import tell_free_heading
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.review.millimetres import Millimetres
    from landmark_annotator.projects.store import PixelSizes

_LOOKED_AT = 10_000
"""Images whose files are looked for: a million on a network drive take minutes."""


def status(project: ProjectFolder, as_json: AsJson = False) -> None:
    """Show how far a project is: images, shapes, effort, and what proposes.

    Example: annotator status faces
    """
    from landmark_annotator.annotator.cli.reports.spending_report import (
        forecast_lines,
        spending_facts,
    )
    from landmark_annotator.annotator.session.models.followed_labels import recalibrations, said
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.annotator.session.review.millimetres import millimetres
    from landmark_annotator.projects.budgets.ledger import ledger
    from landmark_annotator.projects.images import source_of
    from landmark_annotator.projects.store import InstanceState
    from landmark_annotator.projects.vocabulary import Provenance
    from landmark_annotator.projects.vocabulary.wording import duration

    with open_to_read(project) as opened:
        count, states = opened.image_count(), opened.state_counts()
        looked_at = opened.spread_images(_LOOKED_AT)
        spending, plan, one = ledger(opened), opened.plan(), opened.counted_in()
        spend = spending.spent
        trained = [model.backend for model in ModelLibrary.of(opened).trained()]
        # Shapes that `annotator fill` has written into; they stay started, or accepted.
        filled = sum(
            any(part.provenance is Provenance.FILLED for part in parts)
            for parts in opened.tally().values()
        )
        followed = recalibrations(opened)
        left_out = opened.left_out()
        measure, sizes = millimetres(opened), opened.pixel_sizes()
        missing = [image.path for image in looked_at if not source_of(image).is_there()]
        facts = {
            "project": opened.folder,
            "name": opened.name,
            "scheme": opened.scheme.name,
            "landmarks": len(opened.scheme),
            "images": count,
            "missing_images": missing,
            "images_looked_at": len(looked_at),
            "instances": {state.value: states[state] for state in InstanceState},
            "clicks": spend.clicks,
            "seconds": round(spend.seconds, 1),
            "recorded_seconds": round(opened.spend().seconds, 1),
            "models": [backend.name for backend in trained],
            "citations": {backend.name: backend.citation for backend in trained},
            "filled": filled,
            "mm_per_pixel": sizes.usual,
            "millimetres": measure and measure.facts({}),
            "calibration": {
                maker: {
                    "ellipses": round(each.widening**0.5, 3),
                    "shifted": each.shift is not None,
                    "shapes": each.shapes,
                    "groups": each.groups,
                }
                for maker, each in followed.items()
            },
            "excluded": [one._asdict() for one in left_out],
        }
        facts |= spending_facts(opened.scheme, spending, plan)
        limits = {
            "clicks": "" if plan.clicks is None else f" of {plan.clicks:,}",
            "seconds": "" if plan.seconds is None else f" of {duration(plan.seconds)}",
        }
        rows = [
            ("scheme", f"{opened.scheme.name}, {counted(len(opened.scheme), 'landmark')}"),
            ("images", f"{count:,}"),
            *_measured(sizes, measure),
            *((f"shapes {state.value}", f"{states[state]:,}") for state in InstanceState),
            *([("shapes filled in", f"{filled:,}")] if filled else []),
            *(
                (
                    "excluded",
                    f"{counted(one.images, 'image')}, {counted(one.instances, 'shape')}: {one.why}",
                )
                for one in left_out
            ),
            ("clicks spent", f"{spend.clicks:,}{limits['clicks']}"),
            ("time spent", f"{duration(spend.seconds)}{limits['seconds']}"),
            ("plan", plan.name or "none"),
            *(("calibration", line) for line in said(followed)),
            ("trained models", ", ".join(backend.name for backend in trained) or "none"),
        ]
        text = f"{opened.name} ({opened.folder})\n{columns(rows)}"
        if spending.spent.clicks:
            text += "".join(f"\n{line}" for line in forecast_lines(spending, one))
        text += "".join(f"\nThe {b.title} is from: {b.citation}" for b in trained)
        if missing:
            more = len(set(missing)) - 1  # frames of a video are of one file
            others = f", and {counted(more, 'more image file')}" if more else ""
            text += f"\nNot where it was: {missing[0]}{others}"
        if len(looked_at) < count:
            text += (
                f"\nFiles were looked for of {counted(len(looked_at), 'image')}, from everywhere "
                "in the project; annotator check looks for all."
            )
        answer(facts, text, as_json=as_json)
        tell_free_heading(opened)


def _measured(sizes: "PixelSizes", measure: "Millimetres | None") -> list[tuple[str, str]]:
    """What a pixel measures, and one percent of an error; nothing where nobody has said."""
    own = counted(sum(size is not None for size in sizes.of_images.values()), "image")
    if sizes.usual is None and measure is None:
        return []
    pixel = f"of {own} its own" if sizes.usual is None else f"{sizes.usual:g} mm"
    one = "" if measure is None else f"; 1 % of {measure.said}, is {measure.of(1):.2g} mm"
    return [("a pixel", pixel + one)]
