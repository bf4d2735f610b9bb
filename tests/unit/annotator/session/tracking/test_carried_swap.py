"""Left and right change places in what is carried from a labelled frame too."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.unit.annotator.session.tracking.conftest import truth

A, B, C, D, E = range(5)
PAIRS = Scheme("pairs", ("a", "b", "c", "d", "e"), partners=((A, B), (C, D)))


@pytest.fixture
def second(tmp_path: Path, cards: Path) -> Iterator[LabellingSession]:
    """At the second frame; in the first one `a` and `e` are hidden, and `c` is not in the image."""
    with Project.create(tmp_path / "paired", PAIRS) as project:
        add_frames(project, cards, range(2), who="ann")
        records = [project.instances_of(image.id)[0] for image in project.images()]
        for number, record in enumerate(records):
            project.set_box(record.id, Box.square_around(truth(0, number), 1.2), who="ann")
        session = LabellingSession(project, who="ann")
        session.open(records[0].id)
        for landmark in (A, B, D, E):
            session.click(landmark, tuple(truth(0, 0)[landmark % 4]))
        session.set_visibility(A, Visibility.OCCLUDED)
        session.set_visibility(E, Visibility.OCCLUDED)
        session.set_visibility(C, Visibility.NOT_LABELLED)
        session.accept()
        session.open(records[1].id)
        yield session


def said(session: LabellingSession) -> tuple[set[int], list[int], set[int]]:
    """What is not in the image, what is hidden, and which of it is carried."""
    view = session.view
    hidden = np.flatnonzero(view.shape.visibility == Visibility.OCCLUDED).tolist()
    return set(view.absent), hidden, set(view.carried)


def test_all_that_is_seen_is_swapped_as_one_step(second: LabellingSession) -> None:
    second.click(B, (30.0, 20.0))
    assert said(second) == ({C}, [A, E], {A, C, E})
    view = second.swap()
    assert said(second) == ({D}, [B, E], set())
    assert view.shape.points[A].tolist() == [30.0, 20.0]
    second.undo()
    assert said(second) == ({C}, [A, E], {A, C, E})
    second.redo()
    assert said(second) == ({D}, [B, E], set())


def test_what_is_swapped_can_be_seen_after_all(second: LabellingSession) -> None:
    second.click(B, (30.0, 20.0))
    second.swap()
    second.set_visibility(D, Visibility.VISIBLE)
    second.set_visibility(B, Visibility.VISIBLE)
    assert said(second) == (set(), [E], set())
    second.start_again()
    assert said(second) == ({C}, [A, E], {A, C, E})


def test_pairs_that_are_not_selected_stay_as_they_are_seen(second: LabellingSession) -> None:
    second.click(B, (30.0, 20.0))
    second.swap([C])
    assert said(second) == ({D}, [A, E], set())


def test_where_nothing_was_placed_on_either_side_there_is_nothing_to_swap(
    second: LabellingSession,
) -> None:
    second.click(E, (30.0, 20.0))
    with pytest.raises(ActionableError, match="nothing to swap"):
        second.swap([A])
    assert said(second) == ({C}, [A], {A, C})
