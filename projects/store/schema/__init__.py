"""Tables, revisions and migrations."""

from landmark_annotator.projects.store.schema import people_tables, tables
from landmark_annotator.projects.store.schema.base import Base

__all__ = ["METADATA", "people_tables", "tables"]

METADATA = Base.metadata
"""Of all tables, for whoever needs them all: they are mapped where their modules are imported."""
