"""Which images of a project are related, so that no split parts them: by what somebody has said,
or by evidence in their names and pictures. Knows the store and the images."""

from landmark_annotator.projects.groups.grouping import (
    SEEN_AT_ONCE,
    Finding,
    Grouping,
    grouped,
    in_dialog,
    in_window,
    project_groups,
)
from landmark_annotator.projects.groups.sources import sources_of

__all__ = [
    "SEEN_AT_ONCE",
    "Finding",
    "Grouping",
    "grouped",
    "in_dialog",
    "in_window",
    "project_groups",
    "sources_of",
]
