"""What an export would do, in plain words."""

from dataclasses import asdict
from pathlib import Path

from landmark_annotator.annotator.session.exchange.export_preview import ExportPreview
from landmark_annotator.projects.exchange import Format, by_name
from landmark_annotator.projects.exchange.transfer.export_set import SetReport
from landmark_annotator.projects.vocabulary.wording import counted

_CARRIED = {
    "coordinates": "coordinates",
    "names": "names of landmarks",
    "visibility": "visibility",
    "unknown": "landmarks without a position",
    "boxes": "boxes",
    "several": "several objects of an image",
}
"""What else a format carries is told of only where there is something to lose."""
_AS_IT_IS = ("yes", "as they are")


def preview_lines(seen: ExportPreview) -> list[str]:
    """How much would be written, first of all; then what not, counted by reason, and where."""
    report = seen.report
    objects = counted(report.instances, "object")
    lines = [
        f"{objects} of {counted(report.images, 'image')} would be written.",
        *left_out_lines(seen),
    ]
    if report.bare:
        lines.append(f"Of these {counted(report.bare, 'has', 'have')} a box and no landmark yet.")
    if seen.choice.shares is not None:
        parts = [f"{name} {part.instances:,}" for name, part in report.parts.items()]
        lines.append(f"Split: {', '.join(parts)}.")
    lines.append(
        f"Into {_names(report, seen.choice.target)}: {counted(len(seen.files), 'file')} with the "
        "data sheet."
    )
    if seen.replaced:
        lines.append(f"Replaced: {counted(len(seen.replaced), 'file')} of an earlier export.")
    return lines


def left_out_lines(seen: ExportPreview) -> list[str]:
    if not seen.left_out:
        return ["Complete: no object of the project is left out."]
    report = seen.report
    reasons = [
        f"{count:,} {why}"
        for count, why in (
            (report.not_accepted, "not accepted yet"),
            (report.without_labels, "without labels"),
            (report.not_carried, "that the format has no place for"),
            (report.others, "by other people"),
        )
        if count
    ]
    left_out = counted(seen.left_out, "object")
    return [f"Not complete: {left_out} of {seen.total:,} left out: {', '.join(reasons)}."]


def loss_lines(seen: ExportPreview) -> list[str]:
    """What the format says otherwise or not at all: by its card, then as it is here."""
    return [*format_lines(by_name(seen.choice.format)), *seen.report.losses]


def format_lines(card: Format) -> list[str]:
    """What of an instance is written otherwise than it is, or not."""
    if card.carries is None:
        return []
    said = []
    for name, how in asdict(card.carries).items():
        if name not in _CARRIED:
            continue
        what = _CARRIED[name].capitalize()
        if how == "no":
            said.append(f"{what}: not written.")
        elif how not in _AS_IT_IS:
            said.append(f"{what}: {how.replace(': ', ', ')}.")
    return said


def result_line(report: SetReport, target: Path) -> str:
    objects, images = counted(report.instances, "object"), counted(report.images, "image")
    return f"Exported {objects} of {images} to {_names(report, target)}."


def _names(report: SetReport, target: Path) -> str:
    """Of the files or folders of all parts, from the folder that the target is in."""
    return ", ".join(file.relative_to(target.parent).as_posix() for file in report.files.values())
