"""The project database: images, instances, shapes, and the journal that keeps every click."""

from landmark_annotator.projects.store.bulk_fill import fill_shapes
from landmark_annotator.projects.store.journal.alternatives import KeptShape
from landmark_annotator.projects.store.journal.brought_files import (
    BroughtFile,
    PlacedBox,
    TakenBack,
)
from landmark_annotator.projects.store.journal.conflicts import told
from landmark_annotator.projects.store.journal.entries import standing
from landmark_annotator.projects.store.journal.import_actions import LabelledInstance
from landmark_annotator.projects.store.journal.labellers import Labelling
from landmark_annotator.projects.store.listing import ListedRow
from landmark_annotator.projects.store.people.assignments import Assignment
from landmark_annotator.projects.store.people.leases import Lease
from landmark_annotator.projects.store.people.roles import Person, Role
from landmark_annotator.projects.store.presence import Presence, Visitor, visitors
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.queue import QueueRow, WaitingCounts
from landmark_annotator.projects.store.reading_at_once import read_at_once
from landmark_annotator.projects.store.rows.certificates import Certificate, Check
from landmark_annotator.projects.store.rows.exclusions import LeftOut
from landmark_annotator.projects.store.rows.group_rules import GroupRule, GroupsBy
from landmark_annotator.projects.store.rows.masks import MaskProposal
from landmark_annotator.projects.store.rows.pixel_sizes import PixelSizes
from landmark_annotator.projects.store.rows.plans import Plan
from landmark_annotator.projects.store.rows.proposal_records import (
    WHICH_PROPOSAL,
    BroughtProposals,
    JudgedProposal,
    Making,
    OwnProposal,
    StoredProposal,
)
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    Alike,
    Entry,
    Exclusion,
    Flag,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Review,
    Spend,
    TimedActions,
    Verdict,
    VideoRecord,
    WorkDone,
)
from landmark_annotator.projects.store.rows.video_objects import FrameObject, VideoObjects
from landmark_annotator.projects.store.rule_acceptance import accept_by_rule
from landmark_annotator.projects.store.to_label import ToLabel
from landmark_annotator.projects.vocabulary.arguments import tell_members

tell_members(ActionKind, GroupsBy, InstanceState, Role, Verdict)

__all__ = [
    "ActionKind",
    "Alike",
    "Assignment",
    "BroughtFile",
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
    "LabelledInstance",
    "Labelling",
    "MaskProposal",
    "OwnProposal",
    "PixelSizes",
    "Person",
    "PlacedBox",
    "Plan",
    "Presence",
    "Project",
    "QueueRow",
    "Review",
    "Role",
    "Spend",
    "TakenBack",
    "TimedActions",
    "WorkDone",
    "ToLabel",
    "StoredProposal",
    "Verdict",
    "VideoObjects",
    "VideoRecord",
    "Visitor",
    "WHICH_PROPOSAL",
    "WaitingCounts",
    "accept_by_rule",
    "fill_shapes",
    "read_at_once",
    "standing",
    "told",
    "visitors",
]
