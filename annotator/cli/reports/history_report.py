"""Who placed each landmark of one object, when and how, for people and for scripts."""

from typing import TYPE_CHECKING, Any

from landmark_annotator.annotator.cli.support.output import columns

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.review.review_session import Reviewed
    from landmark_annotator.projects.vocabulary import Scheme


def history_report(seen: "Reviewed", scheme: "Scheme") -> tuple[dict[str, Any], str]:
    """Facts and text."""
    from landmark_annotator.annotator.session.review.landmark_history import history_of, told

    rows = [("landmark", "how", "who", "seconds", "actions")]
    landmarks = {}
    for placement in seen.placements:
        name = scheme.landmarks[placement.landmark]
        done = history_of(seen.entries, placement.landmark)
        how = None if placement.provenance is None else placement.provenance.value
        rows.append(
            (
                name,
                how or "nowhere",
                placement.who or "",
                f"{placement.seconds:.1f}",
                f"{len(done):,}",
            )
        )
        landmarks[name] = {
            "how": how,
            "who": placement.who,
            "history": [
                {
                    "at": entry.at.isoformat(),
                    "who": entry.who,
                    "kind": entry.kind.value,
                    "title": entry.title,
                    "from": entry.from_,
                    "to": entry.to,
                }
                for entry in done
            ],
        }
    facts = {"instance": seen.record.id, "by": seen.by, "landmarks": landmarks}
    return facts, "\n".join([columns(rows), "", *map(told, seen.entries)])
