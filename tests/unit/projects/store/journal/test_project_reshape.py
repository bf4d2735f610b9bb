"""Replacing a whole shape is one action, and one step of undo."""

import kites
import numpy as np

from landmark_annotator.projects.store import ActionKind, InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, Shape


def test_it_replaces_all_that_was_stored(project: Project, kite: InstanceRecord) -> None:
    for landmark in (kites.TOP, kites.TAIL):
        project.place(kite.id, landmark, (1, 2), who="ada")
    points = np.full((5, 2), np.nan)
    points[kites.LEFT] = 3, 4
    entry = project.reshape(kite.id, Shape(points), title="a try", who="ada", duration=2.0)
    stored = project.shape(kite.id)
    assert stored.provenance == (None, None, None, Provenance.CLICKED, None)
    assert (entry.kind, entry.title, entry.duration) == (ActionKind.RESHAPE, "a try", 2.0)


def test_with_nothing_known_the_instance_is_untouched_again_and_undo_brings_all_back(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.reshape(kite.id, Shape.unknown(5), title="a try", who="ada")
    assert project.instance(kite.id).state is InstanceState.UNTOUCHED
    project.undo("ada")
    assert project.instance(kite.id).state is InstanceState.ACCEPTED
    assert project.shape(kite.id) == kites.ACCEPTED


def test_an_accepted_shape_that_is_replaced_by_a_whole_one_stays_accepted(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    moved = Shape(kites.POINTS + 1, provenance=[Provenance.CLICKED] * 5)
    project.reshape(kite.id, moved, title="a try", who="ada")
    assert project.instance(kite.id).state is InstanceState.ACCEPTED
    assert project.shape(kite.id) == moved
