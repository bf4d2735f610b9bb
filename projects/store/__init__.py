"""The project database: images, instances, shapes, and the journal that keeps every click."""

from projects.store.bulk_fill import fill_shapes
from projects.store.journal.alternatives import KeptShape
from projects.store.journal.conflicts import told
from projects.store.journal.entries import standing
from projects.store.journal.labellers import labellers, labellings
from projects.store.listing import ListedRow
from projects.store.people.assignments import Assignment
from projects.store.people.leases import Lease
from projects.store.people.roles import Person, Role
from projects.store.presence import Presence, Visitor, visitors
from projects.store.project import Project
from projects.store.queue import QueueRow, WaitingCounts
from projects.store.reading_at_once import read_at_once
from projects.store.rows.certificates import Certificate, Check
from projects.store.rows.exclusions import LeftOut
from projects.store.rows.group_rules import GroupRule, GroupsBy
from projects.store.rows.pixel_sizes import PixelSizes
from projects.store.rows.plans import Plan
from projects.store.rows.records import (
    WHICH_PROPOSAL,
    ActionKind,
    Alike,
    BroughtProposals,
    Entry,
    Exclusion,
    Flag,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    JudgedProposal,
    Making,
    OwnProposal,
    Review,
    Spend,
    StoredProposal,
    TimedEntry,
    Verdict,
    VideoRecord,
)
from projects.store.rows.tracks import FrameObject
from projects.store.rule_acceptance import accept_by_rule

__all__ = [
    "ActionKind",
    "Alike",
    "Assignment",
    "BroughtProposals",
    "Certificate",
    "Check",
    "Entry",
    "Exclusion",
    "Flag",
    "FrameObject",
    "GroupRule",
    "GroupsBy",
    "ImageRecord",
    "InstanceRecord",
    "InstanceState",
    "JudgedProposal",
    "KeptShape",
    "Lease",
    "LeftOut",
    "ListedRow",
    "Making",
    "OwnProposal",
    "PixelSizes",
    "Person",
    "Plan",
    "Presence",
    "Project",
    "QueueRow",
    "Review",
    "Role",
    "Spend",
    "TimedEntry",
    "StoredProposal",
    "Verdict",
    "VideoRecord",
    "Visitor",
    "WHICH_PROPOSAL",
    "WaitingCounts",
    "accept_by_rule",
    "fill_shapes",
    "read_at_once",
    "labellers",
    "labellings",
    "standing",
    "told",
    "visitors",
]
