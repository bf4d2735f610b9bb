"""What stands below an object on the sheet."""

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.sheet.sentences import Standing, Told, told
from landmark_annotator.annotator.session.labelling.view import as_stored
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Shape


def below(known: list[bool], absent: frozenset[int] = frozenset()) -> Told:
    points = np.where(np.array(known)[:, None], [[5.0, 5.0]], np.nan)
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.UNTOUCHED)
    view = as_stored(record, Shape(points), absent, ())
    return told(view, seen=True, broken=False, thinks=False, left_out=None, accepted=False)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([False, False, False], "nothing is proposed yet: open it to label it"),
        ([True, True, False], "1 landmark has no position yet: open it to label it"),
        ([True, False, False], "2 landmarks have no position yet: open it to label it"),
    ],
)
def test_it_says_what_is_lacking(known: list[bool], said: str) -> None:
    assert below(known) == Told(Standing.LACKING, said)


def test_it_says_how_many_are_accepted_as_not_in_the_image() -> None:
    assert below([True, True, False], frozenset({2})) == Told(Standing.READY, "1 not in the image")
