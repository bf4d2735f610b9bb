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
from landmark_annotator.projects.vocabulary.provenance import MODELLED

LABEL_STANDS = "'s label of this object stands"
"""How the reason ends for which a label of an object gives way to another person's."""
_SAME_PIXELS = 0.05
"""What one proposal is off by between two computers."""


def labelled_twice(project: Project) -> list[tuple[int, int]]:
    """Pairs of accepted instances of one image, by their ids, whose boxes say that they are of the
    same object; whose labels they hold is not asked. The surest come first: second opinions, then
    those whose boxes overlap most."""
    of_image: dict[int, list[InstanceRecord]] = defaultdict(list)
    for record in project.some_instances(project.sharing_images().tolist()):
        if record.box is not None:
            of_image[record.image_id].append(record)
    boxes = ErrorBoxes(project).of(chain.from_iterable(of_image.values()))
    return pairs(of_image.values(), boxes)


def labelled_by_two(project: Project) -> list[tuple[int, int]]:
    """Those of `labelled_twice` that hold two people's labels, such as imported ones."""
    pairs = labelled_twice(project)
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


def as_proposed(
    project: Project, labels: Sequence[tuple[tuple[int, Shape], tuple[int, Shape]]]
) -> list[bool]:
    """Whether two people accepted one proposal as it was, for each object of which these are the
    labels, by their instances' ids: of the landmarks that both have, neither placed or confirmed
    one, and they lie where the other's lie. Their distance is then none of the two people's.
    """
    same = [_same_places(one, other) for (_, one), (_, other) in labels]
    # What was imported is a person's label, or another program's proposal that was accepted.
    asked = {
        instance_id
        for both, alike in zip(labels, same, strict=True)
        for instance_id, shape in both
        if alike and Provenance.IMPORTED in shape.provenance
    }
    brought = project.brought_to(sorted(asked)) if asked else frozenset()
    return [
        alike and all(_proposed(*label, common, brought) for label in both)
        for both, alike in zip(labels, same, strict=True)
        for common in [np.flatnonzero(both[0][1].known & both[1][1].known).tolist()]
    ]


def _same_places(one: Shape, other: Shape) -> bool:
    both = one.known & other.known
    apart = np.abs(one.points[both] - other.points[both])
    return bool(both.any() and (apart <= _SAME_PIXELS).all())


def _proposed(
    instance_id: int, shape: Shape, landmarks: Sequence[int], brought: frozenset[int]
) -> bool:
    """Whether these landmarks of the instance are a proposal's, and a person's none of them."""
    marks = {shape.provenance[j] for j in landmarks}
    models = {*MODELLED, Provenance.IMPORTED} if instance_id in brought else MODELLED
    return marks <= models
