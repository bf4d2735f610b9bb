from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.projects.vocabulary.name_order import by_numbers

NAMES = st.lists(st.text("ab 019٣.-", max_size=8))


def test_numbers_go_by_their_size() -> None:
    names = ["mouse 10.jpg", "mouse 2.jpg", "frame_1b", "frame_1", "Mouse 1.jpg", "7", "x"]
    ordered = ["7", "Mouse 1.jpg", "frame_1", "frame_1b", "mouse 2.jpg", "mouse 10.jpg", "x"]
    assert sorted(names, key=by_numbers) == ordered


@given(NAMES.flatmap(lambda names: st.tuples(st.just(names), st.permutations(names))))
def test_the_order_of_names_is_the_same_whichever_way_they_come(
    twice: tuple[list[str], list[str]],
) -> None:
    one, other = twice
    assert sorted(one, key=by_numbers) == sorted(other, key=by_numbers)
