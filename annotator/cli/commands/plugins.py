"""annotator plugins: what other packages add to the program, and what of it cannot be used."""

from dataclasses import asdict

from landmark_annotator.annotator.cli.support.options import AsJson
from landmark_annotator.annotator.cli.support.output import answer


def plugins(as_json: AsJson = False) -> None:
    """List the backends, label formats, kinds of images and metrics that other packages add, and
    those that cannot be used, with the reason.

    Example: annotator plugins
    """
    from landmark_annotator.backends.metrics.plugged import plugged_metrics
    from landmark_annotator.backends.registry import plugged_backends
    from landmark_annotator.projects.exchange.registry import plugged_formats
    from landmark_annotator.projects.images.kinds import ImageKind
    from landmark_annotator.projects.vocabulary.plugins import IMAGES, left_out, told
    from landmark_annotator.projects.vocabulary.plugins import plugins as of_group

    found = [
        *plugged_backends(),
        *plugged_formats(),
        *of_group(IMAGES, ImageKind),
        *plugged_metrics(),
    ]
    facts = {
        "plugins": [
            {"group": p.group, "name": p.name, "title": p.card.title, "package": p.package}
            for p in found
        ],
        "left_out": [asdict(part) for part in left_out()],
    }
    lines = [f"{p.name}  {p.card.title} ({p.group.rpartition('.')[2]}, {p.package})" for p in found]
    lines += told(left_out())
    answer(facts, "\n".join(lines) or "No other package adds anything.", as_json=as_json)
