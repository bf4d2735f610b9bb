"""Labelling goes on after the scheme has got another landmark."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, SchemeChange, Shape


@pytest.fixture
def grown(project: Project, waiting: InstanceRecord, truth: np.ndarray) -> InstanceRecord:
    """A head that was accepted, one landmark clicked, before there was a knot."""
    project.place(waiting.id, 0, truth[0], who="ada")
    marks = (Provenance.CLICKED, *[Provenance.INFERRED] * (len(truth) - 1))
    project.accept(waiting.id, Shape(truth, provenance=marks), who="ada")
    project.change_scheme(SchemeChange.none(project.scheme).add("knot"), who="lead")
    return project.instance(waiting.id)


@pytest.fixture
def proposal(project: Project, grown: InstanceRecord) -> Proposal:
    """From heads that have the knot on their chin."""
    assert grown.box is not None
    known = []
    for record, shape in project.shapes(None):
        if record.box is not None and record.id != grown.id and shape.known[:-1].all():
            points = np.vstack([shape.points[:-1], shape.points[8]])
            known.append((record.box, Shape(points)))
    return Proposal(grown.box, shape_prior(known), "prior")


def test_what_was_accepted_stays_where_it_was(
    project: Project, grown: InstanceRecord, proposal: Proposal
) -> None:
    session = LabellingSession(project, who="ada")

    view = session.open(grown.id, proposal)

    off = view.shape.points[:-1] - project.shape(grown.id).points[:-1]
    assert np.abs(off).max() < 0.5


def test_the_new_landmark_is_proposed_and_asked_for(
    project: Project, grown: InstanceRecord, proposal: Proposal
) -> None:
    session = LabellingSession(project, who="ada")

    view = session.open(grown.id, proposal)

    assert view.shape.known[-1]
    assert view.query == len(project.scheme) - 1


def test_accepting_keeps_where_each_position_came_from(
    project: Project, grown: InstanceRecord, proposal: Proposal
) -> None:
    session = LabellingSession(project, who="ada")
    session.open(grown.id, proposal)
    session.accept()

    assert project.instance(grown.id).state is InstanceState.ACCEPTED
    shape = project.shape(grown.id)
    assert shape.provenance[0] is Provenance.CLICKED
    assert shape.provenance[-1] is Provenance.INFERRED
