"""What is left of a following that did not come to its end."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.tracking.unfinished_following import (
    Following,
    forget,
    going_on,
    note_stop,
    noted,
    unfinished,
)
from landmark_annotator.projects.vocabulary import ActionableError

BEGUN = Following("ada", 1, 0, 300, True)
FOLLOWER = """
import sys, time
from pathlib import Path
from landmark_annotator.annotator.session.tracking.unfinished_following import Following, noted
with noted(Path(sys.argv[1]), Following("ada", 1, 0, 300, True)):
    print("at it", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_program_was_at_is_unfinished_of_who_began_it(tmp_path: Path) -> None:
    """While it is alive another window told it as quit, and offered to follow once more."""
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as follower:
        assert follower.stdout is not None
        assert follower.stdout.readline().strip() == "at it"
        assert unfinished(tmp_path, "ada") is None
        assert going_on(tmp_path) == [BEGUN]
        follower.kill()
        follower.wait()
    assert unfinished(tmp_path, "ada") == BEGUN
    assert unfinished(tmp_path, "bob") is None
    assert going_on(tmp_path) == []


def test_nothing_stays_of_a_killed_one_that_was_told(tmp_path: Path) -> None:
    with noted(tmp_path, BEGUN):
        note_stop(tmp_path, BEGUN, 20)
    next(tmp_path.glob("following*.json")).with_suffix(".running").touch()
    forget(tmp_path, BEGUN)
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_left_is_told_beside_one_that_goes_on(tmp_path: Path) -> None:
    left = Following("ada", 2, 0, 50)
    with noted(tmp_path, left):
        note_stop(tmp_path, left, 20)
    with noted(tmp_path, BEGUN):
        found = unfinished(tmp_path, "ada")
        assert found is not None
        assert found.begun == left


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (Following("bob", 1, 250, 400), True),
        (Following("ada", 1, 301, 400), False),
        (Following("ada", 2, 0, 300), False),
    ],
)
def test_the_same_frames_are_not_followed_twice_at_once(
    tmp_path: Path, other: Following, refused: bool
) -> None:
    with noted(tmp_path, BEGUN):
        if refused:
            with (
                pytest.raises(ActionableError, match="frames 0 to 300 of this video"),
                noted(tmp_path, other),
            ):
                pass
            assert going_on(tmp_path) == [BEGUN]
        else:
            with noted(tmp_path, other):
                pass
    with noted(tmp_path, other):
        pass


def test_of_several_that_begin_at_the_same_time_one_does(tmp_path: Path) -> None:
    """Each looked before any of them was to be seen, and all began."""
    together = threading.Barrier(4)
    began, refused = [], []

    def begin(who: str) -> None:
        together.wait()
        try:
            with noted(tmp_path, Following(who, 1, 0, 300)):
                began.append(who)
                together.wait()
        except ActionableError:
            refused.append(who)
            together.wait()

    for _ in range(20):
        began.clear(), refused.clear()
        several = [threading.Thread(target=begin, args=(who,)) for who in "abcd"]
        for one in several:
            one.start()
        for one in several:
            one.join()
        assert (len(began), len(refused)) == (1, 3)
        for who in "abcd":
            forget(tmp_path, Following(who, 1, 0, 300))
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_refused_leaves_the_other_as_it_is(tmp_path: Path) -> None:
    with noted(tmp_path, BEGUN):
        with pytest.raises(ActionableError), noted(tmp_path, BEGUN):
            pass
        assert going_on(tmp_path) == [BEGUN]


def test_what_was_stopped_is_unfinished_until_it_is_told(tmp_path: Path) -> None:
    assert unfinished(tmp_path, "ada") is None
    with noted(tmp_path, BEGUN):
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


@pytest.mark.parametrize("other", [Following("ada", 2, 0, 300), Following("bob", 1, 301, 600)])
def test_what_another_window_follows_is_of_its_own(tmp_path: Path, other: Following) -> None:
    """The one that began first was forgotten."""
    with noted(tmp_path, BEGUN), noted(tmp_path, other):
        note_stop(tmp_path, BEGUN, 120)
        forget(tmp_path, other)
    left = unfinished(tmp_path, "ada")
    assert left is not None
    assert (left.begun, left.reached) == (BEGUN, 120)
