"""Objects that stand twice in a project: labelled by two people, or imported from two files."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np

from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import (
    labels_of_objects,
    of_two_people,
    pairs,
)
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.records import InstanceRecord
from landmark_annotator.projects.vocabulary import Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.provenance import MODELLED

LABEL_STANDS = "'s label of this object stands"
"""How the reason ends for which a label of an object gives way to another person's."""
_SAME_PIXELS = 0.05
"""What one proposal is off by between two computers."""


def labelled_twice(project: Project, *, decided: bool = False) -> list[tuple[int, int]]:
    """Pairs of accepted instances of one image, by their ids, whose boxes say that they are of the
    same object; whose labels they hold is not asked. The surest come first: second opinions, then
    those whose boxes overlap most. decided: also where a lead has let one of the labels stand."""
    of_image: dict[int, list[InstanceRecord]] = defaultdict(list)
    records = project.some_instances(project.sharing_images().tolist())
    if decided:  # in the order in which they would be if both counted
        records = sorted([*records, *given_way(project)], key=lambda record: record.id)
    for record in records:
        if record.box is not None:
            of_image[record.image_id].append(record)
    boxes = ErrorBoxes(project).of(chain.from_iterable(of_image.values()))
    return pairs(of_image.values(), boxes)


def labelled_by_two(project: Project, *, decided: bool = False) -> list[tuple[int, int]]:
    """Those of `labelled_twice` that hold two people's labels, such as imported ones."""
    pairs = labelled_twice(project, decided=decided)
    by = project.labellings(set(chain.from_iterable(pairs))) if pairs else {}
    return of_two_people(pairs, {i: label.who for i, label in by.items()})


def one_of_each(project: Project, labels: Sequence[int]) -> set[int]:
    """Of these labels, by their instances' ids, one of each object: where several people have
    labelled it the one that comes first here, or else it would count as several objects. Where a
    lead has let one of them stand the others are left out, and in none of this."""
    pairs = labelled_twice(project)
    by = {i: e.who for i, e in project.labellings(set(chain.from_iterable(pairs))).items()}
    objects = labels_of_objects(of_two_people(pairs, by), by)
    kept, counted = set(), set[int]()
    for label in labels:
        if label not in counted:
            kept.add(label)
            counted |= objects.get(label, frozenset())
    return kept


def gives_way(record: InstanceRecord) -> bool:
    """Whether it was left out because another person's label of the object stands."""
    return record.excluded is not None and record.excluded.why.endswith(LABEL_STANDS)


def gives_way_to(record: InstanceRecord) -> str:
    """Whose label stands in place of one that gives way."""
    return record.excluded.why.removesuffix(LABEL_STANDS) if record.excluded is not None else ""


def given_way(project: Project) -> list[InstanceRecord]:
    """All of these."""
    if not any(one.why.endswith(LABEL_STANDS) for one in project.left_out()):
        return []
    return [record for record in project.instances(excluded=True) if gives_way(record)]


def left_to_models(
    project: Project, labels: Sequence[tuple[tuple[int, Shape], tuple[int, Shape]]]
) -> list[Bools]:
    """(L,) of each object of which these are two people's labels, by their instances' ids: which
    landmarks both have and neither placed or confirmed. How far these lie apart says how alike two
    proposals are, and nothing of the two people."""
    same = [_same_places(one, other) for (_, one), (_, other) in labels]
    # What was imported is a person's label, or another program's proposal that was accepted.
    asked = {
        instance_id
        for both, alike in zip(labels, same, strict=True)
        for instance_id, shape in both
        if alike.any() and Provenance.IMPORTED in shape.provenance
    }
    brought = project.brought_to(sorted(asked)) if asked else frozenset()
    return [
        np.logical_and(*(_proposed(*label, alike, brought) for label in both))
        for both, alike in zip(labels, same, strict=True)
    ]


def as_proposed(
    labels: Sequence[tuple[tuple[int, Shape], tuple[int, Shape]]], left: Sequence[Bools]
) -> list[bool]:
    """Whether two people accepted one proposal as it was, for each object of which these are the
    labels, by their instances' ids: all landmarks that both have are among those `left_to_models`,
    and lie where the other's lie. Their distance is then none of the two people's.
    """
    found = []
    for ((_, one), (_, other)), own in zip(labels, left, strict=True):
        common = one.known & other.known
        found.append(bool(common.any() and (own & _same_places(one, other))[common].all()))
    return found


def _same_places(one: Shape, other: Shape) -> Bools:
    """(L,) which landmarks both have in one place."""
    apart = np.abs(one.points - other.points)
    return np.asarray((apart <= _SAME_PIXELS).all(axis=1))


def _proposed(instance_id: int, shape: Shape, alike: Bools, brought: frozenset[int]) -> Bools:
    """(L,) which landmarks of the instance are where a proposal has them, and no person. alike:
    those that another label has in the same place, as it has those of one file of proposals."""
    models = np.array([mark in MODELLED for mark in shape.provenance], dtype=bool)
    if instance_id in brought:
        models |= alike & [mark is Provenance.IMPORTED for mark in shape.provenance]
    return models & shape.known
