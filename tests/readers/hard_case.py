"""A project that holds what other programs stumble over, and what they should find in its export.

Two objects in a photograph, one in the next, none in the third; a box that is turned and goes over
the image's edge; an occluded, an absent and an unlabelled landmark; names with spaces, commas and
letters of other scripts; two annotators.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme(
    "odd creature", ("left eye", "right eye", "nose, tip", "ß/θ"), ((0, 1), (1, 2)), ((0, 1),)
)
SIZE = 64, 48
PHOTOGRAPHS = ("two of them #1.png", "über/plain.png")
_MARK = Provenance.CLICKED


def shapes() -> list[tuple[int, str, Box, Shape]]:
    """Photograph, annotator, box and shape of each object."""
    first = Shape(
        [[10.25, 12.5], [20.0, 12.0], [15.5, 20.125], [np.nan, np.nan]], [2, 1, 2, 0], [_MARK] * 4
    )
    second = Shape(
        [[40.0, 30.0], [np.nan, np.nan], [45.5, 36.0], [50.0, 40.0]],
        [2, 0, 2, 2],
        [_MARK, None, _MARK, _MARK],
    )
    third = Shape([[30.0, 20.0], [36.0, 20.0], [33.0, 25.0], [33.0, 30.0]], [2] * 4, [_MARK] * 4)
    return [
        (0, "anna", Box(12.0, 15.0, 30.0, 26.0, 0.5), first),
        (0, "ben", Box(45.0, 35.0, 20.0, 20.0), second),
        (1, "anna", Box(33.0, 24.0, 18.0, 18.0), third),
    ]


def made(folder: Path) -> Project:
    """Its photographs are in a folder of their own, which nothing is exported to."""
    project = Project.create(folder / "project", SCHEME)
    images = []
    for number, name in enumerate(PHOTOGRAPHS):
        path = folder / "photographs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", SIZE, (80 * number, 90, 100)).save(path)
        images.append(project.add_image(path, examine(path)))
    for number, (photograph, who, box, shape) in enumerate(shapes()):
        image = images[photograph].id
        project.add_instance(image, box, source=f"o{number}", shape=shape, who=who)
    return project


def expected() -> str:
    """As JSON: of each object its photograph's name, and of each landmark x, y in pixels from 0 at
    the first one's centre and 2, 1 or 0 as in COCO."""
    found = []
    for photograph, _, _, shape in shapes():
        points = np.nan_to_num(shape.points).tolist()
        seen = np.where(shape.known, shape.visibility, 0).tolist()
        rows = [[*point, each] for point, each in zip(points, seen, strict=True)]
        found.append([Path(PHOTOGRAPHS[photograph]).name, rows])
    return json.dumps({"landmarks": SCHEME.landmarks, "objects": found, "size": SIZE})
