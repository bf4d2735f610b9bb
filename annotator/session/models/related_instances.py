"""Labelled instances with the groups of related ones that no split may part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from landmark_annotator.annotator.session.models.library import KeptModel, Origin
from landmark_annotator.backends.learning.model_cards import learned_from
from landmark_annotator.projects.groups import Grouping, project_groups
from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.store import GroupsBy, ImageRecord, Project
from landmark_annotator.projects.vocabulary import LabelledInstance, UnlabelledInstance


@dataclass(frozen=True)
class Related:
    """instances: each with its group. grouping: of their images."""

    instances: list[LabelledInstance]
    grouping: Grouping


def instance_key(image: ImageRecord, number: int) -> str:
    """number: of the object among those of its image."""
    return f"{source_of(image).name}#{number} {image.sha256[:12]}"


def image_key(image: ImageRecord) -> str:
    """The group of all objects of an image, as long as no other image is related to it: the key of
    the first of them, so that a lone instance has the split of one without any group."""
    return instance_key(image, 0)


def image_of(key: str) -> tuple[str, str]:
    """Name and content of the image of an instance with this key."""
    name, _, rest = key.rpartition("#")
    return name, rest.partition(" ")[2]


def related(project: Project, instances: Sequence[LabelledInstance]) -> Related:
    """As the project's images are grouped; looks at those of the instances, which is slow once.

    instances: of the project, grouped by image. Raises ActionableError for a bad pattern.
    """
    images = {image_key(image): image for image in project.images()}
    used = {images[each.group].id for each in instances if each.group in images}
    grouping = project_groups(project, sorted(used))
    keys = {image.id: key for key, image in images.items()}
    leaders = {keys[image]: keys[leader] for image, leader in grouping.leaders.items()}
    grouped = [replace(each, group=leaders.get(each.group, each.group)) for each in instances]
    return Related(grouped, grouping)


def judging(
    project: Project,
    kept: KeptModel,
    labelled: Sequence[LabelledInstance],
    beside: Sequence[LabelledInstance] = (),
) -> set[str]:
    """The keys of those that the model can be judged on: what its training held out, but for what
    is related to what it has learned from, as somebody has said only since.

    labelled: all of the project, grouped by image. beside: what has proposed with the model has
    learned from these. Raises ActionableError for a bad pattern, OSError and ValueError where the
    card cannot be read.
    """
    unseen = set(kept.not_learned_from([each.key for each in labelled]))
    if kept.origin is not Origin.TRAINED or project.group_rule().by is GroupsBy.EVIDENCE:
        return unseen
    found = related(project, labelled)
    groups = {each.key: each.split_key for each in found.instances}
    if not found.grouping.lasting or len(set(groups.values())) == 1:
        return unseen
    learned = learned_from(kept.card, groups) | {each.key for each in beside}
    taken = {groups[key] for key in learned if key in groups}
    return {key for key in unseen if groups[key] not in taken}


def beside(
    project: Project,
    labelled: Sequence[LabelledInstance],
    others: Sequence[LabelledInstance],
    split: Sequence[LabelledInstance],
) -> list[UnlabelledInstance]:
    """The others without their labels. What is related to labelled ones has their group, so that it
    is on their side of a split; what is related to several groups of them is left out, for those
    may be on both sides.

    labelled, others: grouped by image. split: the labelled ones as `related` has them. Looks at all
    images, which is slow once. Raises ActionableError for a bad pattern.
    """
    together = related(project, [*labelled, *others]).instances
    groups: dict[str, set[str]] = {}
    for joined, own in zip(together, split, strict=False):
        groups.setdefault(joined.split_key, set()).add(own.split_key)
    found = []
    for each in together[len(labelled) :]:
        tied = groups.get(each.split_key, {each.split_key})
        if len(tied) == 1:
            found.append(UnlabelledInstance(each.key, each.box, each.read_pixels, *tied))
    return found
