"""Whose labels an export takes, where several people have labelled the same objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landmark_annotator.projects.vocabulary import Shape


@dataclass(frozen=True)
class WhoseLabels:
    """said: a sentence for the data sheet. left_out: instances, by id, whose labels are not taken.
    instead: what is written for an instance in place of its own shape, as the labels of
    `together`; merged: those of left_out whose labels are in one of these; ruled: those of left_out
    that a rule accepted, of which `said` tells."""

    said: str
    left_out: frozenset[int]
    instead: Mapping[int, Shape] = field(default_factory=dict)
    together: str = ""
    merged: frozenset[int] = frozenset()
    ruled: frozenset[int] = frozenset()


EVERYBODYS = WhoseLabels("", frozenset())
