"""Which of many labelled images are learned from."""

from landmark_annotator.backends.registration.model import templates
from tests.unit.backends.registration.textures import bent, instance

_PIXELS, _POINTS = bent(0)


def _keys(count: int) -> list[str]:
    labelled = [instance(_PIXELS, _POINTS, key=str(i)) for i in range(count)]
    return [each.key for each in templates(labelled)]


def test_a_few_are_all_learned_from() -> None:
    assert _keys(48) == [str(i) for i in range(48)]


def test_of_two_objects_in_each_image_both_kinds_are_learned_from() -> None:
    """Every second one was drawn, which were all of the first object."""
    firsts = sum(int(key) % 2 == 0 for key in _keys(96))
    assert 16 <= firsts <= 32


def test_many_are_drawn_evenly_and_the_same_each_time() -> None:
    drawn = [int(key) for key in _keys(501)]
    assert drawn == [int(key) for key in _keys(501)]
    assert [place // 11 for place in drawn] == list(range(46))
