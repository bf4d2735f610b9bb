"""What an export would write and what the format loses, shown before anything is written."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.exports.sentences import loss_lines, preview_lines
from landmark_annotator.annotator.gui.services.preview_panel import PreviewPanel
from landmark_annotator.annotator.session.exchange.export_preview import ExportPreview


class ExportPreviewPanel(PreviewPanel[ExportPreview]):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Looking at the export",
            "What the export would write",
            "What the format does not carry",
            parent,
        )

    @override
    def lines_of(self, preview: ExportPreview) -> list[str]:
        return [*preview_lines(preview), "What is lost, or written otherwise than it is here:"]

    @override
    def items_of(self, preview: ExportPreview) -> list[str]:
        return loss_lines(preview)
