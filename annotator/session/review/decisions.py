"""The objects that two people have labelled, by whose label stands, as a lead decides on them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from landmark_annotator.annotator.session.review.agreement import (
    NOBODY,
    NOTHING_IN_COMMON,
    Agreement,
    Pair,
    agreements,
)
from landmark_annotator.annotator.session.review.standing_labels import (
    let_both_count,
    let_stand,
)
from landmark_annotator.projects.store import Entry, Project, read_at_once
from landmark_annotator.projects.store.people.same_objects import labels_of_objects
from landmark_annotator.projects.store.same_objects import given_way
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest


class SharedObject(NamedTuple):
    """percent: how far the two labels are apart, see `Agreement.of_each`. Of three people who
    have labelled an object every two have one."""

    pair: Pair
    people: tuple[str, str]
    percent: float

    @property
    def standing(self) -> str | None:
        """Whose label stands; None where nobody has decided."""
        if self.pair.stands is None:
            return None
        return self.people[self.pair.ids.index(self.pair.stands)]


def labels_of_object(found: Iterable[Agreement], label: int) -> dict[int, str]:
    """All labels of the object that this one is of, by their ids, with whose each is. found:
    between every two people; label: of a pair of theirs."""
    whose: dict[int, str] = {}
    pairs: list[tuple[int, int]] = []
    for one in found:
        for pair in one.pairs:
            whose[pair.first], whose[pair.second] = one.first, one.second
            pairs.append(pair.ids)
    labels = labels_of_objects(pairs, whose).get(label, frozenset([label]))
    return {i: whose[i] for i in sorted(labels)}


def by_object(found: Sequence[SharedObject]) -> list[list[SharedObject]]:
    """What every two people made of it, object by object; in the order of `found`. Labels of two
    people that are nearest to each other, but of two objects by a third one's, are of neither."""
    whose = {i: who for each in found for i, who in zip(each.pair.ids, each.people, strict=True)}
    labels = labels_of_objects((each.pair.ids for each in found), whose)
    several: dict[frozenset[int], list[SharedObject]] = {}
    for each in found:
        of_first, of_second = (labels.get(i) for i in each.pair.ids)
        if of_first is not None and of_first == of_second:
            several.setdefault(of_first, []).append(each)
    return list(several.values())


@read_at_once
def shared_objects(project: Project) -> list[SharedObject]:
    """Those that are the farthest apart first. Not two labels that both give way to a third one:
    there is nothing to decide between them."""
    gone = {record.id for record in given_way(project)}
    found = [
        SharedObject(pair, (one.first, one.second), percent)
        for one in agreements(project)
        for pair, percent in zip(one.pairs, one.of_each.tolist(), strict=True)
        if not gone.issuperset(pair.ids)
    ]
    return sorted(found, key=lambda each: (-each.percent, each.pair.ids))


def among(
    found: Sequence[SharedObject], images: Collection[int], instances: Collection[int]
) -> list[SharedObject]:
    """Those in these images, and those of which one of these is a label, all by id: with all
    pairs of labels of each. Raises ActionableError for an instance that is none."""
    known = {i for each in found for i in each.pair.ids}
    if strange := sorted(set(instances) - known):
        raise ActionableError(
            f"No object that two people have labelled has the id {strange[0]}.",
            kept="Nothing was decided.",
            remedy="Take the ids that annotator decide PROJECT lists." if known else NOBODY,
        )
    return [
        each
        for one in by_object(found)
        if one[0].pair.image_id in images
        or not set(instances).isdisjoint(i for each in one for i in each.pair.ids)
        for each in one
    ]


def over_all_others(labels: Mapping[int, str], whose: str) -> list[tuple[int, int]]:
    """Choices for `let_stand`: that person's label over everybody else's. labels: of one
    object, by their ids, with whose each is."""
    mine = [i for i, name in labels.items() if name == whose]
    others = [i for i, name in labels.items() if name != whose]
    return [(i, other) for i in mine for other in others]


def decide_for(
    project: Project, objects: Sequence[SharedObject], whose: str, *, who: str
) -> list[Entry]:
    """That person's label stands for each of them over everybody else's; one step for undo.

    Raises ActionableError where the person has labelled none of them, NotAllowed as `let_stand`.
    """
    choices = [
        choice
        for one in by_object(objects)
        for choice in over_all_others(
            {i: name for each in one for i, name in zip(each.pair.ids, each.people, strict=True)},
            whose,
        )
    ]
    if not choices:
        people = sorted({name for each in objects for name in each.people})
        known = f"These have: {', '.join(people)}." if people else NOBODY
        raise ActionableError(
            f"{whose} has labelled none of these objects beside somebody else."
            f"{closest(whose, people)}"
            if people
            else NOTHING_IN_COMMON,
            kept="Nothing was decided.",
            remedy=known,
        )
    return let_stand(project, choices, whose=whose, who=who)


def let_all_count(project: Project, objects: Sequence[SharedObject], *, who: str) -> list[Entry]:
    """Every label of them counts again, where one was let stand; one step for undo."""
    decided = {i for each in objects if each.standing for i in each.pair.ids}
    return let_both_count(project, *sorted(decided), who=who)
