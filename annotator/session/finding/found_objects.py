"""Objects found in the images of a project that have none yet, written into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.finding.find_work import FindWork, Task
from landmark_annotator.annotator.session.finding.search import search_recipe
from landmark_annotator.annotator.session.finding.waiting_images import WaitingImages
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.wording import counted

NOT_AN_OBJECT = "not an object"
"""Why what was found is left out of everything."""


@dataclass
class Finding:
    """images: those looked at; objects: found in them; empty: images in which nothing was found.
    reason: what looked, and why that. unreadable: one sentence for each image that could not be
    read."""

    reason: str
    images: int = 0
    objects: int = 0
    empty: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """How much was found, and of how many images nothing."""
        if not self.images:
            return "No image was looked at."
        nothing = f"; in {self.empty:,} of them nothing" if self.empty else ""
        images = counted(self.images, "image")
        return f"Found {counted(self.objects, 'object')} in {images} without any{nothing}."


def images_without_objects(project: Project) -> NDArray[np.int64]:
    """(N,) by their ids, in the project's order: nothing in them has a box, a landmark or an
    accepted shape, and nobody has thrown out what was found in them."""
    with project.snapshot():
        found = project.images_without_objects()
        searched = project.images_of(project.found_boxes())
    return found[~np.isin(found, list(searched))]


def find_all(
    project: Project,
    progress: Progress,
    *,
    who: str,
    executor: Executor = THIS_PROCESS,
    device: str = "cpu",
) -> Finding:
    """In all images without objects, one step for undo an image. Stopped, it keeps what is done.

    executor: who looks; this process alone writes. device: that the finder runs on.
    """
    recipe = search_recipe(project, device)
    search = recipe.make()
    done = Finding(search.reason)
    tasks: Sequence[Task] = images_to_search(project) if search.can_look else []
    progress.start("finding objects", len(tasks))
    for found in executor.results(FindWork(recipe, search.identity, search), tasks):
        progress.advance()
        if isinstance(found.boxes, str):
            done.unreadable.append(found.boxes)
        elif not found.boxes:
            done.images += 1
            done.empty += 1
        elif write_found(project, {found.image_id: found.boxes}, search.title, who):
            done.images += 1
            done.objects += len(found.boxes)
        if progress.cancelled():
            break
    return done


def images_to_search(project: Project) -> WaitingImages:
    return WaitingImages(project, images_without_objects(project))


def write_found(
    project: Project, boxes: Mapping[int, Sequence[Box]], title: str, who: str
) -> list[int]:
    """As one step for undo, in the images that have no objects at this moment; returns those. So
    what is found twice is written once, and not where a person has drawn a box meanwhile."""
    project.back_up_before("find")
    with project.transaction():
        free = {i: found for i, found in boxes.items() if found and _is_free(project, i)}
        if free:
            project.add_found(free, title=title, who=who)
    return list(free)


def _is_free(project: Project, image_id: int) -> bool:
    """As of `images_without_objects`, of one."""
    records = project.instances_of(image_id, excluded=True)
    for record in records:
        begun = record.box is not None or record.state is not InstanceState.UNTOUCHED
        if begun and record.excluded is None:
            return False
    once = project.found_in(image_id)
    # Whether that still stands is a question to the whole journal, which is seldom asked.
    return not once or not any(record.id in project.found_boxes() for record in records)
