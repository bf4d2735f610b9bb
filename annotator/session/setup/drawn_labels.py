"""Where people click while they draw a scheme on an image of the project: its first labels."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.labelling.landmark_edits import Point
from landmark_annotator.projects.images import Source
from landmark_annotator.projects.images.source import holds_frames, recorded_source
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError, Box
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class DrawnLabels:
    """photograph: the file that was drawn on; of a video its first frame was. points: (L, 2) where
    the landmarks of the new scheme were placed on it, in image pixels, NaN where nowhere. seconds:
    (L,) that it took to place each."""

    photograph: Path
    points: Floats
    seconds: Floats


@dataclass(frozen=True)
class PlacedAnew:
    """places: by number in the changed scheme, where new landmarks were put on the photograph of
    this instance, in image pixels. seconds: that it took to place each."""

    instance_id: int
    places: Mapping[int, Point]
    seconds: Mapping[int, float]


def drawn_on(file: Path) -> Source:
    """The photograph itself, or the first frame of a video."""
    return recorded_source(file, 0 if holds_frames(file) else None)


def label_drawn(project: Project, drawn: DrawnLabels, who: str) -> bool:
    """The object of that photograph is begun with them, as clicks of this person: it is still to be
    looked at and accepted, and undo takes them back one by one. Whether they were stored.

    Nothing happens where the photograph is none of the project, where labels of it are there, or
    where fewer than two landmarks say nothing of where the object is.
    """
    placed = np.isfinite(drawn.points).all(axis=1)
    content = drawn_on(drawn.photograph).sha256()
    image = next((image for image in project.images() if image.sha256 == content), None)
    objects = [] if image is None else project.instances_of(image.id)
    if len(objects) != 1 or objects[0].state is not InstanceState.UNTOUCHED:
        return False
    (record,) = objects
    if record.box is None and placed.sum() < 2:
        return False
    with project.transaction():
        if record.box is None:
            project.set_box(record.id, Box.square_around(drawn.points), who=who)
        # Each is a click that somebody has spent: one action for all would count as none.
        for landmark in np.flatnonzero(placed).tolist():
            x, y = drawn.points[landmark].tolist()
            took = float(drawn.seconds[landmark])
            project.place(record.id, landmark, (x, y), who=who, duration=took)
    return True


def place_new(project: Project, placed: PlacedAnew, who: str) -> None:
    """As clicks of this person, after the scheme was changed."""
    # Where somebody else has the image in hands they are asked for as everywhere else.
    with suppress(ActionableError):
        for landmark, place in placed.places.items():
            took = placed.seconds[landmark]
            project.place(placed.instance_id, landmark, place, who=who, duration=took)
