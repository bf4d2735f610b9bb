"""Leaves, most of them labelled whole and some sparsely; no photograph of one is there."""

from pathlib import Path

import numpy as np

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

LEAF = Scheme("leaf", tuple(f"edge {i}" for i in range(8)))


def leaf(seed: int) -> Shape:
    random = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    sides = 30 + 8 * random.normal(size=(1, 2)) + random.normal(size=(8, 2))
    return Shape(50 + sides * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def leaves(folder: Path, sparse: int) -> Project:
    """Sixteen whole ones, and some with two landmarks."""
    project = Project.create(folder, LEAF)
    for number in range(16 + sparse):
        facts = ImageFacts(100, 100, str(number))
        image = project.add_image(folder / f"{number}.png", facts)
        shape = leaf(number)
        box = Box.square_around(shape.points)
        record = project.add_instance(
            image.id, box, shape=shape if number < 16 else None, who="ada"
        )
        for j in (0, 3) if number >= 16 else ():
            project.place(record.id, j, shape.points[j], who="ada")
    return project
