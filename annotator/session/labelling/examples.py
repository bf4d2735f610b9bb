"""How landmarks were placed elsewhere in the project: a few accepted objects to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.projects.images.source import source_of
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import PLACED
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

_SIDE, _MARGIN = 512, 1.4
"""Pixels of the picture of a whole object, and its side in sides of the box."""
_MOST = 8


@dataclass(frozen=True, eq=False)
class Example:
    """name: of its image. picture: (S, S, 3) of the whole object, along its box. points: (L, 2) in
    that picture, NaN of all that neither a person nor a file has placed."""

    image_id: int
    name: str
    picture: Pixels
    points: Floats


def examples(folder: Path, who: str) -> Sequence[Example]:
    """Spread over what is accepted of the project in this folder, on a connection of its own: for a
    thread. What this person is not to see yet, since two people label it, is no example; what
    cannot be read is passed over."""
    # OpenCV takes a while to load, and a window is to be seen before.
    from landmark_annotator.backends.learning.crops import crop

    found = []
    with Project.open(folder, read_only=True) as project:
        ids = project.listed((InstanceState.ACCEPTED,))
        ids = ids[~np.isin(ids, list(project.hidden_from(who)))]
        places = np.linspace(0, len(ids) - 1, min(_MOST, len(ids))).round().astype(int)
        for record, shape in project.shapes(among=ids[places].tolist()):
            source = source_of(project.image(record.image_id))
            try:
                pixels = source.pixels()
            except ActionableError:
                continue
            if record.box is None:
                continue
            placed = np.array([mark in PLACED for mark in shape.provenance])
            points = (record.box.to_frame(shape.points) / _MARGIN + 0.5) * _SIDE - 0.5
            points[~placed] = np.nan
            picture = crop(pixels, record.box, _SIDE, _MARGIN)
            found.append(Example(record.image_id, source.name, picture, points))
    return found
