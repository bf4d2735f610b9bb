"""When two instances are of one object, and which of those hold two people's labels."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from landmark_annotator.projects.store.rows.records import InstanceRecord
from landmark_annotator.projects.vocabulary import Box

SAME_OBJECT = 0.5
"""Boxes that overlap by this share of their union are taken for the same object."""


def pairs(
    images: Iterable[Sequence[InstanceRecord]], boxes: Mapping[int, Box]
) -> list[tuple[int, int]]:
    """Those of each image's instances whose boxes say that they are of the same object, by their
    ids; whose labels they hold is not asked. The surest come first: second opinions, then those
    whose boxes overlap most. boxes: as for `overlap`."""
    found = []
    for several in images:
        for one, other in combinations(several, 2):
            shared = overlap(one, other, boxes)
            if shared > SAME_OBJECT:
                asked = one.second_opinion_on == other.id or other.second_opinion_on == one.id
                found.append((not asked, -shared, one.id, other.id))
    return [(one, other) for _, _, one, other in sorted(found)]


def overlap(one: InstanceRecord, other: InstanceRecord, boxes: Mapping[int, Box]) -> float:
    """Of their boxes, or of what stands for them: one person may have drawn a box where to the
    other the object was all of the image. boxes: by id, see `ErrorBoxes.of`; of what has no box
    what stands for one."""
    first, second = boxes[one.id], boxes[other.id]
    stored = (one.box or first).overlap(other.box or second)
    return max(stored, first.overlap(second))


def of_two_people(pairs: Sequence[tuple[int, int]], by: Mapping[int, str]) -> list[tuple[int, int]]:
    """Those of `pairs` that hold two people's labels of one object. Where objects crowd,
    boxes of different ones overlap as well: each is paired with each other person at most once.

    by: whose labels an instance holds.
    """
    taken: set[tuple[int, str]] = set()
    found = []
    for one, other in pairs:
        first, second = by.get(one), by.get(other)
        if first is None or second is None or first == second:
            continue
        own = {(one, second), (other, first)}
        if not own & taken:
            taken |= own
            found.append((one, other))
    return found


def labels_of_objects(
    pairs: Iterable[tuple[int, int]], by: Mapping[int, str]
) -> dict[int, frozenset[int]]:
    """All labels of the object that a label is of, for the id of each in `pairs`: of three people
    who have labelled an object every two are a pair, and all three are labels of one object.

    No person has two labels of one object: where objects overlap, the nearest labels of one person
    and another need not be those of either and a third. Then the two people with most in common say
    which they are. A label of which no pair is left so is in none. by: whose each label is.
    """
    of_people: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for pair in pairs:
        of_people.setdefault(tuple(sorted(by.get(i, "") for i in pair)), []).append(pair)
    found: dict[int, frozenset[int]] = {}
    for two in sorted(of_people, key=lambda two: (-len(of_people[two]), two)):
        for pair in of_people[two]:
            one, other = (found.setdefault(i, frozenset([i])) for i in pair)
            people = [by.get(i, "") for i in one | other]
            if len(people) == len(set(people)):
                found.update(dict.fromkeys(one | other, one | other))
    return {label: labels for label, labels in found.items() if len(labels) > 1}
