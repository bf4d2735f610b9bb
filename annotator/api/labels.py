"""Labels and predictions into a project."""

from landmark_annotator.annotator.session.exchange.label_import import (
    import_labels,
    import_proposals,
)

__all__ = ["import_labels", "import_proposals"]
