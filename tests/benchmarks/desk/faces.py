"""Projects of real photographs: labelled training faces, and faces to label in jittered boxes."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import BOX_ERROR, redrawn
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

FACES = (
    Path(os.environ.get("LANDMARK_DATA", Path(__file__).parents[4] / "shared" / "data")) / "faces68"
)


def label_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((FACES / folder).glob("*.pts"))]


def project_of_faces(
    folder: Path,
    labelled: int,
    faces: int,
    seed: int,
    folders: Sequence[str] = ("helen-test",),
) -> tuple[Floats, dict[int, Floats]]:
    """A project of labelled training faces and of faces of other folders, in jittered boxes.

    Returns the labelled shapes (N, 68, 2) in their boxes' frames, and the truth by instance.
    """
    scheme, random = Scheme.named("face68"), np.random.default_rng(seed)
    links = folder.with_name(folder.name + "_photographs")
    links.mkdir()
    for path in random.permutation(np.array(label_files("helen-train"), dtype=object))[:labelled]:
        for source in (path, path.with_suffix(".jpg")):
            (links / source.name).symlink_to(source)
    truth: dict[int, Floats] = {}
    with Project.create(folder, scheme) as project, project.transaction():
        import_labels(project, links, who="import")
        framed = [r.box.to_frame(s.points) for r, s in project.shapes() if r.box is not None]
        known = {row.path for row in project.queue()}
        for path in random.permutation(np.array(label_files(*folders), dtype=object)):
            photograph = path.with_suffix(".jpg")
            if len(truth) == faces or photograph.name in {Path(name).name for name in known}:
                continue
            points = _points(path)
            box = redrawn(Box.square_around(points), BOX_ERROR, random)
            image = project.add_image(photograph, examine(photograph))
            truth[project.add_instance(image.id, box, who="import").id] = points
    return np.stack(framed), truth


def _points(path: Path) -> Floats:
    """(68, 2) of a .pts file, 0-based."""
    lines = path.read_text().split("{")[1].split("}")[0].split("\n")
    points = [[float(v) for v in line.split()] for line in lines if line.strip()]
    return Shape(np.array(points) - 1).points
