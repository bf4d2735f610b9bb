"""Objects found in the images of a project that have none yet, written into it."""

from dataclasses import dataclass, field

from annotator.session.finding.search import search_recipe
from projects.images import pixels_of
from projects.store import InstanceState, Project
from projects.vocabulary import Progress
from projects.vocabulary.errors import ImageError

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


def images_without_objects(project: Project) -> list[int]:
    """By their ids, in the project's order: nothing in them has a box, a landmark or an accepted
    shape, and nobody has thrown out what was found in them."""
    busy = {
        record.image_id
        for record in project.instances()
        if record.box is not None or record.state is not InstanceState.UNTOUCHED
    }
    found = project.found_boxes()
    busy |= {r.image_id for r in project.instances(excluded=True) if r.id in found}
    return [image.id for image in project.images() if image.id not in busy]


def find_all(project: Project, progress: Progress, *, who: str) -> Finding:
    """In all images without objects, one step for undo an image. Stopped, it keeps what is done."""
    search = search_recipe(project).make()
    done = Finding(search.reason)
    images = {image.id: image for image in project.images()}
    waiting = images_without_objects(project) if search.can_look else []
    progress.start("finding objects", len(waiting))
    for image_id in waiting:
        if progress.cancelled():
            break
        progress.advance()
        try:
            boxes = search.boxes(pixels_of(images[image_id]))
        except ImageError as error:
            done.unreadable.append(error.happened)
            continue
        done.images += 1
        done.objects += len(boxes)
        done.empty += not boxes
        if boxes:
            project.add_found({image_id: boxes}, title=search.title, who=who)
    return done
