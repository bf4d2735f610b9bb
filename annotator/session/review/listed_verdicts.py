"""Verdicts by list: what a person has looked through elsewhere passes or is sent back at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landmark_annotator.annotator.session.review.named_images import NamedImages
from landmark_annotator.annotator.session.review.review_session import ReviewSession
from landmark_annotator.annotator.session.review.row_names import row_names
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError

_NUMBERED = re.compile(r"(?:(.*)\s)?#?(\d+)")
"""An instance's id alone; behind its image's name its number there, as `annotator review` and the
window have it, or, as lists of before have it, its id."""


@dataclass
class Judged:
    """instances: the ids that have got the verdict. refused: a sentence for each other one."""

    instances: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def instances_listed(project: Project, lines: Sequence[str]) -> list[int]:
    """The ids that the lines name, each once and in their order.

    A line is an instance's id, the name of an image, which stands for all its instances, or that
    name with the number of one of these; empty ones and those that begin with # and a space are
    left out. Raises ActionableError where one names nothing, or several images.
    """
    images = NamedImages(project)
    of_image: dict[int, list[int]] = {}
    for record in project.instances():
        of_image.setdefault(record.image_id, []).append(record.id)
    known = {instance_id for ids in of_image.values() for instance_id in ids}
    found: list[int] = []
    for number, line in enumerate(lines, start=1):
        said = line.strip()
        if not said or said.startswith("# "):
            continue
        match, image = _NUMBERED.fullmatch(said), images.find(said)
        if image is not None:
            found += of_image.get(image.id, [])
        elif match and (one := _numbered(project, images, match, of_image)) in known:
            found.append(one)
        else:
            raise ActionableError(
                f'Line {number} names no instance and no image: "{said}".{images.closest(said)}',
                kept="Nothing was changed.",
                remedy="Write one id, object or image a line, as annotator review prints them.",
            )
    return list(dict.fromkeys(found))


def _numbered(
    project: Project,
    images: NamedImages,
    match: re.Match[str],
    of_image: Mapping[int, Sequence[int]],
) -> int:
    """The id that is meant; 0 where none is: behind the name of an image, of none but its own."""
    name, number = (match[1] or "").strip(), int(match[2])
    if not name:
        return number
    image = images.find(name)
    ids = of_image.get(image.id, []) if image is not None else []
    inside = project.rows(ids)
    own = number if number in ids else 0
    return next((r.row.instance_id for r in inside if r.number == number), own)


def judge_listed(
    project: Project, instances: Sequence[int], comment: str | None, *, who: str
) -> Judged:
    """Each passes, or with a comment is sent back, as one step that can be undone."""
    session, done = ReviewSession(project, who=who), Judged()
    for instance_id in instances:
        session.open(instance_id)
        try:
            if comment is None:
                session.accept()
            else:
                session.send_back(comment)
        except ProjectError as error:
            name = row_names(project, [instance_id])[instance_id]
            done.refused.append(f"{name}: {error.happened}")
        else:
            done.instances.append(instance_id)
    return done
