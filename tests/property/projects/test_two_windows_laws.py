"""Two labelling sessions on one instance: nothing that one of them has not seen is overwritten."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError, Conflict
from tests.property.projects.test_store_laws import copy_of_template

INSTANCE = 1
Act = Callable[[LabellingSession], object]


def click(landmark: int, x: float, y: float) -> Act:
    return lambda session: session.click(landmark, (x, y))


coordinates = st.integers(0, 40).map(float)
landmarks = st.integers(0, 2)
moves = st.dictionaries(landmarks, st.tuples(coordinates, coordinates), min_size=1)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(click, landmarks, coordinates, coordinates),
    st.builds(click, landmarks, coordinates, coordinates),
    moves.map(lambda to: lambda session: session.move(to)),
    landmarks.map(lambda i: lambda session: session.clear(i)),
    landmarks.map(lambda i: lambda session: session.set_visibility(i, Visibility.OCCLUDED)),
    landmarks.map(lambda i: lambda session: session.set_visibility(i, Visibility.NOT_LABELLED)),
    st.just(lambda session: session.accept()),
    st.just(lambda session: session.start_again()),
    coordinates.map(lambda x: lambda session: session.set_box(Box(x, 9, 20, 20))),
    st.just(lambda session: session.undo()),
)


def said(shape: Shape, i: int) -> Any:
    """What a person said of the landmark, None where nobody did."""
    mark = shape.provenance[i]
    if mark not in (Provenance.CLICKED, Provenance.CONFIRMED):
        return None
    return (*np.nan_to_num(shape.points[i], nan=-1).tolist(), int(shape.visibility[i]))


def seen_by(session: LabellingSession) -> list[Any]:
    return [said(session.view.shape, i) for i in range(3)]


@given(steps=st.lists(st.tuples(st.booleans(), acts), min_size=2, max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_overwritten_was_seen_and_what_is_refused_is_said(
    steps: list[tuple[bool, Act]],
) -> None:
    with ExitStack() as stack:
        folder = copy_of_template(stack.enter_context(tempfile.TemporaryDirectory()))
        both = []
        for who in ("ada", "bob"):
            session = LabellingSession(stack.enter_context(Project.open(folder)), who=who)
            session.open(INSTANCE)
            both.append(session)
        project = both[0].project
        for which, act in steps:
            session = both[which]
            before, view = project.shape(INSTANCE), seen_by(session)
            state, box = project.instance(INSTANCE).state, project.instance(INSTANCE).box
            shown = session.view.instance
            entries = project.revision(INSTANCE)
            try:
                done = act(session)
            except ActionableError as error:
                assert project.instance(INSTANCE).state is state
                after = project.shape(INSTANCE)
                assert [said(after, i) for i in range(3)] == [said(before, i) for i in range(3)]
                if isinstance(error, Conflict):
                    assert project.done_since(INSTANCE, entries)[-1].kind is ActionKind.REFUSED
                    assert seen_by(session) == [said(after, i) for i in range(3)]
                continue
            after = project.shape(INSTANCE)
            for i in range(3):
                if said(before, i) is not None and said(after, i) != said(before, i):
                    assert view[i] == said(before, i)
            now = project.instance(INSTANCE)
            if now.box != box:
                assert shown.box == box
            if now.state is not state and InstanceState.ACCEPTED in (now.state, state):
                assert shown.state is state or InstanceState.ACCEPTED not in (shown.state, state)
            if done is not None:  # None: there was nothing to undo
                assert seen_by(session) == [said(after, i) for i in range(3)]
