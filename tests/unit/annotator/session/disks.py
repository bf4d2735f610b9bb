"""Projects of disks whose landmarks lie around them."""

import json
from dataclasses import replace
from pathlib import Path

from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Region, Shape
from tests.unit.backends.borders.ring import BOX, REGIONS, RING, SIZE, borders

SCHEME = replace(RING, regions=tuple(map(Region, REGIONS)))


def disk_project(folder: Path) -> Project:
    """Its parsing network knows where the borders of disks are, and has no weights."""
    project = Project.create(folder / "disks", SCHEME)
    learned = project.folder / "models" / "parsing"
    learned.mkdir(parents=True)
    card = {"scheme": SCHEME.to_dict(), "regions": list(REGIONS), "borders": borders().lines()}
    (learned / "card.json").write_text(json.dumps(card))
    return project


def add_disk(project: Project, folder: Path, shape: Shape | None = None) -> int:
    """The number of an object, with a box, on a photograph of its own."""
    path = folder / f"{len(list(folder.glob('*.png')))}.png"
    Image.new("RGB", (SIZE, SIZE)).save(path)
    image = project.add_image(path, examine(path))
    return project.add_instance(image.id, BOX, shape=shape, who="ada").id
