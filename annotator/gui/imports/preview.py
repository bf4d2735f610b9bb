"""What an import would do, shown before anything is written."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.imports.left_out import counted_left_out, left_out_lines
from landmark_annotator.annotator.gui.services.preview_panel import PreviewPanel
from landmark_annotator.annotator.session.setup.import_preview import ImportPreview, Part
from landmark_annotator.projects.vocabulary.wording import counted


class ImportPreviewPanel(PreviewPanel[ImportPreview]):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Looking at the labels",
            "What the import would do",
            "What is left out and why",
            parent,
        )

    @override
    def lines_of(self, preview: ImportPreview) -> list[str]:
        return preview_lines(preview)

    @override
    def items_of(self, preview: ImportPreview) -> list[str]:
        return left_out_lines(preview.report)


def preview_lines(preview: ImportPreview) -> list[str]:
    """In plain words: the format, what would come in, and what would not."""
    report = preview.report
    bare = report.added + report.filled - report.labelled
    lines = [f"Found: {_found(preview.parts)}"]
    if preview.choice.proposals:
        proposed = counted(report.labelled, "prediction")
        lines.append(f"{proposed} would be shown, for a person to confirm.")
    elif report.labelled:
        lines.append(f"{counted(report.labelled, 'object')} with landmarks would come in.")
    if bare > 0:
        lines.append(f"{counted(bare, 'object')} without landmarks would come in.")
    if report.masked:
        lines.append(f"{counted(report.masked, 'object')} of the project would get masks.")
    already = report.unchanged - len(report.copies)
    if already:
        lines.append(f"{counted(already, 'is', 'are')} in the project already.")
    if report.differing:
        lines.append(
            f"{counted(report.differing, 'has', 'have')} another shape in the project, which stays."
        )
    lines += report.notes
    if report.unreadable or report.copies:
        # Which ones is listed right below.
        lines.append(f"{counted_left_out(report)}; left out would be:")
    return lines


def _found(parts: Sequence[Part]) -> str:
    """Each format once, with how many of the sources are in it where there are several."""
    titles = Counter(part.card.title for part in parts)
    return ", ".join(
        title if len(parts) == 1 else f"{title} ({number})" for title, number in titles.items()
    )
