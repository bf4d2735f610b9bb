"""Keypoints of other programs are landmarks by their names, also where those are written anew."""

import pytest

from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

FACE = Scheme("face", ("Left eye", "Right eye", "Chin"))


@pytest.mark.parametrize(
    "names",
    [
        ["Chin", "Left eye", "Right eye"],
        ["CHIN", "left eye", "right eye"],
        ["chin", "left_eye", "right-eye"],
        ["chin", "LeftEye", "Right eye"],
    ],
)
def test_capitals_and_marks_change_no_landmark(names: list[str]) -> None:
    notes: list[str] = []

    assert landmark_order(names, FACE, "here", notes) == [2, 0, 1]
    assert notes == []


def test_what_is_called_otherwise_altogether_is_taken_in_order_and_noted() -> None:
    notes: list[str] = []

    assert landmark_order(["a", "b", "c"], FACE, "here", notes) == [0, 1, 2]
    assert len(notes) == 1


def test_where_one_is_known_the_others_are_not_taken_in_order() -> None:
    with pytest.raises(FormatError, match='a landmark "b" that scheme face has not'):
        landmark_order(["chin", "b", "c"], FACE, "here", [])


def test_two_ways_to_write_one_landmark_are_refused() -> None:
    with pytest.raises(FormatError, match="two landmarks of one name"):
        landmark_order(["chin", "Chin", "left eye"], FACE, "here", [])


def test_of_names_that_are_alike_the_very_one_is_meant() -> None:
    notes: list[str] = []
    scheme = Scheme("paws", ("paw 1", "paw1", "Tail"))

    assert landmark_order(["tail", "paw1", "paw 1"], scheme, "here", notes) == [2, 1, 0]
    with pytest.raises(FormatError, match='a landmark "PAW1"'):
        landmark_order(["tail", "PAW1"], scheme, "here", notes)
