"""Laws of changing a scheme: what edits keep of landmarks, pairs and labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.projects.vocabulary import Scheme, SchemeChange, Shape
from landmark_annotator.projects.vocabulary.errors import SchemeError

SCHEME = Scheme(
    "kite",
    ("top", "left", "tail", "right"),
    edges=((0, 1), (1, 2), (2, 3), (3, 0)),
    partners=((1, 3),),
    normaliser=(0, 2),
    heading=(2, 0),
    colours=((0, "#ff0000"), (3, "#00ff00")),
    definitions=((1, "where the left spar ends"), (2, "the free end of the tail")),
)


@st.composite
def changes(draw: st.DrawFn) -> SchemeChange:
    """Some edits of the kite, one after the other."""
    change = SchemeChange.none(SCHEME)
    for step in range(draw(st.integers(0, 6))):
        size = len(change.after)
        one = draw(st.integers(0, size - 1))
        other = draw(st.integers(0, size - 1))
        kinds = ["rename", "add", "remove", "move", "pair", "edge", "colour", "define"]
        kind = draw(st.sampled_from(kinds))
        if kind == "rename":
            change = change.rename(one, f"name {step}")
        elif kind == "add":
            change = change.add(f"new {step}", one)
        elif kind == "remove" and size > 1:
            change = change.remove(one)
        elif kind == "move":
            change = change.move(one, other)
        elif kind == "pair" and one != other:
            change = change.pair(one, other)
        elif kind == "edge" and one != other:
            change = change.switch_edge(one, other)
        elif kind == "colour":
            change = change.colour(one, "#123456")
        elif kind == "define":
            change = change.define(one, draw(st.sampled_from(["", "beside the other one"])))
    return change


def named(pairs: tuple[tuple[int, int], ...], scheme: Scheme) -> set[tuple[str, str]]:
    return {(scheme.landmarks[a], scheme.landmarks[b]) for a, b in pairs}


SHAPE = Shape(np.arange(8.0).reshape(4, 2), covariances=np.eye(2) * np.ones((4, 1, 1)))


@given(changes())
def test_a_label_stays_at_the_landmark_that_it_was_put_on(change: SchemeChange) -> None:
    carried = change.carried(SHAPE)

    for new, old in enumerate(change.origins):
        if old is None:
            assert not carried.known[new]
        else:
            assert carried.points[new].tolist() == SHAPE.points[old].tolist()
            assert carried.covariances[new].tolist() == SHAPE.covariances[old].tolist()


@given(changes())
def test_landmarks_are_added_removed_or_kept_and_nothing_else(change: SchemeChange) -> None:
    kept = len(change.after) - len(change.added)

    assert kept == len(SCHEME) - len(change.removed)
    assert set(change.added) <= set(change.after.landmarks)
    assert set(change.removed) <= set(SCHEME.landmarks)


@given(changes(), st.data())
def test_moving_a_landmark_and_back_changes_nothing(
    change: SchemeChange, data: st.DataObject
) -> None:
    size = len(change.after)
    one, to = (data.draw(st.integers(0, size - 1)) for _ in range(2))

    assert change.move(one, to).move(to, one) == change


@given(changes(), st.data())
def test_adding_a_landmark_and_removing_it_changes_nothing(
    change: SchemeChange, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(change.after)))

    assert change.add("passing", at).remove(at) == change


@given(changes(), st.data())
def test_reordering_leaves_lines_partners_colours_and_definitions_at_their_landmarks(
    change: SchemeChange, data: st.DataObject
) -> None:
    size = len(change.after)
    one, to = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    moved = change.move(one, to)

    assert named(moved.after.edges, moved.after) == named(change.after.edges, change.after)
    assert named(moved.after.partners, moved.after) == named(change.after.partners, change.after)
    for part in ("colours", "definitions"):
        assert moved.after.to_dict().get(part) == change.after.to_dict().get(part)


@given(changes())
def test_the_new_scheme_survives_its_file(change: SchemeChange) -> None:
    assert Scheme.from_dict(change.after.to_dict()) == change.after


@given(changes())
def test_names_alone_tell_the_change_where_none_was_renamed(change: SchemeChange) -> None:
    if not change.renamed and not set(change.added) & set(SCHEME.landmarks):
        assert SchemeChange.to(SCHEME, change.after) == change


def test_a_renamed_landmark_keeps_its_label_where_the_new_name_is_told() -> None:
    after = Scheme("kite", ("head", "left", "tail", "right"))

    assert SchemeChange.to(SCHEME, after, {"top": "head"}).origins == (0, 1, 2, 3)
    assert SchemeChange.to(SCHEME, after).origins == (None, 1, 2, 3)


def test_a_landmark_cannot_be_renamed_to_one_that_is_there() -> None:
    with pytest.raises(SchemeError, match="already"):
        SchemeChange.to(SCHEME, Scheme("kite", ("left", "tail", "right")), {"top": "left"})


def test_the_last_landmark_cannot_be_removed() -> None:
    with pytest.raises(SchemeError):
        SchemeChange.none(Scheme("dot", ("only",))).remove(0)


def test_pairing_one_anew_takes_it_from_its_old_partner() -> None:
    change = SchemeChange.none(SCHEME).pair(1, 0)

    assert change.after.partners == ((1, 0),)


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(SchemeError, match="#rrggbb"):
        SchemeChange.none(SCHEME).colour(0, "red")
