"""What stands below an object on the sheet."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.sheet.sentences import Standing, Told, told
from landmark_annotator.annotator.session.labelling.view import View, as_stored
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape


def seen(
    known: list[bool],
    absent: frozenset[int] = frozenset(),
    marks: Sequence[Provenance | None] | None = None,
) -> View:
    points = np.where(np.array(known)[:, None], [[5.0, 5.0]], np.nan)
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.UNTOUCHED)
    return as_stored(record, Shape(points, provenance=marks), absent, ())


def words(view: View) -> Told:
    return told(view, seen=True, broken=False, thinks=False, left_out=None, accepted=False)


def below(known: list[bool], absent: frozenset[int] = frozenset()) -> Told:
    return words(seen(known, absent))


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


def test_it_says_what_the_file_left_out_which_enter_accepts_where_the_model_puts_it() -> None:
    imported, unsaid = Provenance.IMPORTED, None
    view = seen([True, True, True], marks=(imported, unsaid, imported))
    assert view.left_out == {1}
    assert words(view) == Told(Standing.READY, "the file left out 1")
    assert not seen([True, True, True], marks=(unsaid,) * 3).left_out
    assert not seen([True, False, True], frozenset({1}), (imported, unsaid, imported)).left_out


def test_what_somebody_has_said_to_be_not_in_the_image_was_placed_by_nobody() -> None:
    clicked = Provenance.CLICKED
    view = seen([True, True, False], frozenset({2}), (clicked, None, clicked))
    assert words(view) == Told(Standing.READY, "1 placed by hand, 1 not in the image")
    none = seen([True, True, False], frozenset({2}), (None, None, clicked))
    assert words(none) == Told(Standing.READY, "1 not in the image")


def test_it_says_what_is_hidden_or_not_in_the_image_as_in_a_frame_beside() -> None:
    view = replace(seen([True, True, False], frozenset({2})), carried=frozenset({1, 2}))
    said = "1 hidden as in a frame beside, 1 not in the image"
    assert words(view) == Told(Standing.READY, said)
