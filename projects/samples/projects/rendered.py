"""A project of the rendered heads for a first look: half of it labelled, the rest still to do."""

import shutil
from pathlib import Path

import numpy as np

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.samples.rendered_heads.heads import RenderedHead, rendered_heads
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

_WHO = "rendered"


def create_demo_project(
    folder: Path, *, name: str = "Sample heads", progress: Progress = SILENT
) -> Project:
    """Copies the embedded pictures into `folder`/images and makes a project of them, open.

    Every other still is labelled exactly; the others follow, the plainest first, and then the
    frames of the sequence. Every instance has a box with the inexactness of one drawn by hand.
    The folder appears only when all is there. Raises ProjectError where it holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(
            f"The sample project cannot be made in {folder}: something is there already.",
            kept="It was left as it is.",
            remedy="Give the name of a new folder.",
        )
    partial = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "images").mkdir(parents=True)
    labelled, waiting = _divided()
    rng = np.random.default_rng(68)
    progress.start("Making the sample project", len(labelled) + len(waiting))
    with Project.create(partial, Scheme.named("face68"), name) as project:
        for head in [*labelled, *waiting]:
            path = partial / "images" / head.picture.name
            shutil.copyfile(head.picture, path)
            x, y, size = (float(value) for value in rng.normal(scale=0.03, size=3))
            box = Box.square_around(head.shape.points, 1.05).moved(
                (x, y), scale=float(np.exp(size))
            )
            record = project.add_image(path, examine(path))
            known = head.shape if head in labelled else None
            project.add_instance(record.id, box, shape=known, who=_WHO)
            progress.advance(note=path.name)
    partial.rename(folder)
    return Project.open(folder)


def demo_truth(project: Project) -> dict[int, Shape]:
    """The exact shape of every instance of a demo project by its id, labelled or not."""
    truth = {head.picture.name: head.shape for head in rendered_heads()}
    names = {image.id: image.path.name for image in project.images()}
    return {one.id: truth[names[one.image_id]] for one in project.instances()}


def _divided() -> tuple[list[RenderedHead], list[RenderedHead]]:
    """Those to label beforehand, and those to leave."""
    stills = [head for head in rendered_heads() if head.frame is None]
    frames = [head for head in rendered_heads() if head.frame is not None]
    return stills[::2], [*sorted(stills[1::2], key=_difficulty), *frames]


def _difficulty(head: RenderedHead) -> float:
    yaw, pitch, roll = head.pose
    return abs(yaw) + abs(pitch) + abs(roll) + 5 * float((head.shape.visibility == 1).sum())
