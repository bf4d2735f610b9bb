"""Labels into a project."""

from landmark_annotator.annotator.session.exchange.label_import import import_labels

__all__ = ["import_labels"]
