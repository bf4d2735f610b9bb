"""What is left of a following that did not come to its end."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.session.tracking.unfinished_following import (
    Following,
    forget,
    note_stop,
    noted,
    unfinished,
)

BEGUN = Following("ada", 1, 0, 300, True)


def test_while_it_goes_on_it_is_unfinished_of_who_began_it(tmp_path: Path) -> None:
    assert unfinished(tmp_path, "ada") is None
    with noted(tmp_path, BEGUN):
        assert unfinished(tmp_path, "ada") == BEGUN, "the program may die"
        assert unfinished(tmp_path, "bob") is None
        note_stop(tmp_path, BEGUN, 120)
    left = unfinished(tmp_path, "ada")
    assert left is not None
    assert (left.reached, left.last) == (120, 300)
    forget(tmp_path, BEGUN)
    assert unfinished(tmp_path, "ada") is None
    assert list(tmp_path.iterdir()) == []


def test_what_fails_is_told_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="why"), noted(tmp_path, BEGUN):
        raise ValueError("why")
    assert unfinished(tmp_path, "ada") is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"who": "ada", "more": 1}', "\0"])
def test_a_damaged_file_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "following.json").write_text(text)
    assert unfinished(tmp_path, "ada") is None


def test_a_folder_that_is_no_more_stops_nothing(tmp_path: Path) -> None:
    with noted(tmp_path / "away", BEGUN):
        note_stop(tmp_path / "away", BEGUN, 3)
    forget(tmp_path / "away", BEGUN)


@pytest.mark.parametrize("other", [Following("ada", 2, 0, 300), Following("bob", 1, 0, 300)])
def test_what_another_window_follows_is_of_its_own(tmp_path: Path, other: Following) -> None:
    """The one that began first was forgotten."""
    with noted(tmp_path, BEGUN), noted(tmp_path, other):
        note_stop(tmp_path, BEGUN, 120)
        forget(tmp_path, other)
    left = unfinished(tmp_path, "ada")
    assert left is not None
    assert (left.begun, left.reached) == (BEGUN, 120)
