"""The project database: images, instances, shapes, and the journal that keeps every click."""

from projects.store.project import Project
from projects.store.records import (
    ActionKind,
    Entry,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Spend,
    StoredProposal,
)

__all__ = [
    "ActionKind",
    "Entry",
    "ImageRecord",
    "InstanceRecord",
    "InstanceState",
    "Project",
    "Spend",
    "StoredProposal",
]
