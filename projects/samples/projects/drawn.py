"""A project of drawn heads: most are labelled already, the last ones wait for the user."""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.samples.drawn_heads.head import draw_head
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

LABELLED, UNTOUCHED = 24, 6
_FIRST = 13
"""Seed of the first head: chosen so that the first one to label is a plain case."""
_WHO = "samples"


def create_sample_project(folder: Path, *, progress: Progress = SILENT) -> Project:
    """Draws the heads into `folder`/images and makes a project of them, which is returned open.

    Every instance has a box with the inexactness of one drawn by hand. The folder appears only
    when all is there, so an interrupted call leaves nothing that looks like a project. Raises
    ProjectError where the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(
            f"The samples cannot be drawn into {folder}: something is there already.",
            kept="It was left as it is.",
            remedy="Give the name of a new folder.",
        )
    partial = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(partial, ignore_errors=True)
    images = partial / "images"
    images.mkdir(parents=True)
    scheme = Scheme.named("face68")
    rng = np.random.default_rng(68)
    progress.start("Drawing sample heads", LABELLED + UNTOUCHED)
    with Project.create(partial, scheme, name="Sample heads") as project:
        for number in range(LABELLED + UNTOUCHED):
            pixels, shape = draw_head(_seed(number))
            path = images / f"head_{number:02}.png"
            Image.fromarray(pixels).save(path)
            x, y, size = (float(value) for value in rng.normal(scale=0.04, size=3))
            box = Box.square_around(shape.points, 1.05).moved((x, y), scale=float(np.exp(size)))
            record = project.add_image(path, examine(path))
            known = shape if number < LABELLED else None
            project.add_instance(record.id, box, shape=known, who=_WHO)
            progress.advance(note=path.name)
    partial.rename(folder)
    return Project.open(folder)


def sample_truth(project: Project) -> dict[int, Shape]:
    """The exact shape of every instance of a sample project by its id, labelled or not."""
    seeds = {i.id: _seed(int(i.path.stem.removeprefix("head_"))) for i in project.images()}
    return {i.id: draw_head(seeds[i.image_id])[1] for i in project.instances()}


def _seed(number: int) -> int:
    return (number + _FIRST) % (LABELLED + UNTOUCHED)
