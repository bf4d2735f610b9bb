"""How far a simulated job has come: kept in its folder, so that a stopped one goes on."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from landmark_annotator.projects.vocabulary import Provenance, Shape

_NUMBERS, _SHAPES = "job.json", "job-shapes.npz"


@dataclass(frozen=True)
class Job:
    """Each a list by image, in the order in which they were labelled.

    clicks: spent. drags: what dragging points from the mean of the labels so far would have
    taken. errors: NME of the accepted labels in percent; visible: of what an eye sees of it.
    proposers: what proposed. trained_on: how many labels each training of the network had.
    """

    clicks: list[int] = field(default_factory=list)
    drags: list[int] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    proposers: list[str] = field(default_factory=list)
    trained_on: list[int] = field(default_factory=list)
    training_minutes: float = 0.0


def write_progress(folder: Path, job: Job, shapes: list[Shape]) -> None:
    """shapes: what the models have learned from, every landmark known. The numbers last: without
    them there is no progress."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part.npz"
    np.savez(
        part,
        points=[shape.points for shape in shapes],
        covariances=[shape.covariances for shape in shapes],
        marks=[[mark or "" for mark in shape.provenance] for shape in shapes],
    )
    part.replace(folder / _SHAPES)
    (folder / "part.json").write_text(json.dumps(asdict(job)) + "\n", encoding="utf-8")
    (folder / "part.json").replace(folder / _NUMBERS)


def read_progress(folder: Path) -> tuple[Job, list[Shape]]:
    """An empty job where none was begun here."""
    if not (folder / _NUMBERS).is_file():
        return Job(), []
    job = Job(**json.loads((folder / _NUMBERS).read_text(encoding="utf-8")))
    with np.load(folder / _SHAPES, allow_pickle=False) as kept:
        shapes = [
            Shape(points, None, [Provenance(mark) if mark else None for mark in marks], covariances)
            for points, covariances, marks in zip(
                kept["points"], kept["covariances"], kept["marks"], strict=True
            )
        ]
    # Stopped between the two files, the shapes are ahead of the numbers.
    return job, shapes[: len(job.clicks)]
