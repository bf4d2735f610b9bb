"""Filling sparsely labelled shapes in parts.

The method is chosen once, when the first part begins; every part fits it to the same shapes.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.filling.dense import Clicked, Dense
from landmark_annotator.annotator.session.filling.fill_work import FilledShape, FillWork, ToFill
from landmark_annotator.annotator.session.filling.project_fill import (
    densely_labelled,
    plan_fill,
    waiting_to_fill,
)
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.model_identity import (
    files_of,
    identity_of_labels,
)
from landmark_annotator.annotator.session.shards import checked_values as checked
from landmark_annotator.annotator.session.shards.checked_lines import Line
from landmark_annotator.annotator.session.shards.manifest import (
    Asked,
    Manifest,
    Shard,
    outdated,
    project_identity,
)
from landmark_annotator.annotator.session.shards.result_file import Put
from landmark_annotator.projects.store import Project, fill_shapes
from landmark_annotator.projects.vocabulary import SILENT, Provenance, Shape

NAME = "fill"


class FillShards:
    def __init__(self, project: Project, *, inferred: bool, seed: int) -> None:
        self._project = project
        self._inferred = inferred
        self._seed = seed
        self._library = ModelLibrary.of(project)

    def asked(self, shards: int) -> Asked:
        settings = {"inferred": self._inferred, "seed": self._seed}
        return Asked(NAME, project_identity(self._project), shards, settings)

    def manifest(self, shards: int) -> Manifest:
        with self._project.snapshot():
            plan = plan_fill(
                self._project, inferred=self._inferred, seed=self._seed, progress=SILENT
            )
            work = waiting_to_fill(self._project, self._inferred)
        state = {"method": plan.best.name, "clicked": list(plan.clicked), "seen": work.seen}
        tasks = [
            {"id": i, "clicks": _content(one, work.images[i])} for i, one in work.waiting.items()
        ]
        return Manifest(self.asked(shards), self._model(plan.labelled), state, tasks)

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        with self._project.snapshot():
            dense, *_ = densely_labelled(self._project, self._seed)
            work = waiting_to_fill(self._project, self._inferred)
        if self._model(dense) != manifest.model:
            raise outdated(
                "The parts are filled from other shapes or models than the project's present ones.",
                "No shape may be labelled whole, and no model trained, while the parts are "
                "computed.",
            )
        entries = shard.part_of(manifest.tasks)
        there = work.waiting
        same = [
            i if i in there and _content(there[i], work.images[i]) == entry.get("clicks") else None
            for entry in entries
            for i in [checked.whole(entry, "id")]
        ]
        state = manifest.state
        usual = tuple(int(landmark) for landmark in state["clicked"])
        method = checked.text(state, "method")
        own = FillWork(self._library, dense, usual, self._seed, method)
        answers = executor.results(own, [ToFill(i, there[i]) for i in same if i is not None])
        for entry, i in zip(entries, same, strict=True):
            yield {"id": entry["id"], "changed": True} if i is None else _line(next(answers))

    def _model(self, dense: Dense) -> str:
        kept = [part for one in self._library.best_of_each() for part in files_of(one.folder)]
        folds = np.ascontiguousarray(dense.folds, "<i8").tobytes()
        return identity_of_labels(dense.instances, (folds, *kept))


class FilledParts:
    """What was computed is put in whatever has been labelled or trained since; but instances that
    somebody has worked on are left as they are."""

    def __init__(self, project: Project, manifest: Manifest, who: str) -> None:
        self._project = project
        self._seen = checked.whole(manifest.state, "seen")
        self._who = who

    def check_model(self, manifest: Manifest) -> None:
        """Whatever it was: it has done its work."""

    def put_in(self, results: Iterable[tuple[Line, Line]]) -> Put:
        """As one step for undo, under the name of who gathers."""
        done = Put()
        there = set(self._project.listed().tolist())
        shapes: dict[int, Shape] = {}
        for entry, line in results:
            i = checked.whole(entry, "id")
            if "unreadable" in line:
                done.unreadable.append(checked.text(line, "unreadable"))
            elif i not in there:
                done.changed.append(f"Instance {i} is gone.")
            elif "changed" in line:
                done.changed.append(_worked_on(i))
            else:
                shapes[i] = _shape(line, len(self._project.scheme))
        filled = set()
        if shapes:
            filled = set(
                fill_shapes(self._project, shapes, who=self._who, seen=self._seen, back_up=False)
            )
        for i, shape in shapes.items():
            if i in filled:
                done.done += 1
            elif _is_there(self._project.shape(i), shape):
                done.already += 1
            else:
                done.changed.append(_worked_on(i))
        return done


def _worked_on(instance_id: int) -> str:
    return f"Somebody has worked on instance {instance_id} meanwhile."


def _is_there(stored: Shape, shape: Shape) -> bool:
    """Whether it has been filled with this very shape."""
    own = np.array([mark is Provenance.FILLED for mark in stored.provenance])
    return bool(own.any() and np.array_equal(stored.points[own], shape.points[own]))


def _content(clicked: Clicked, image: str) -> str:
    """A hash of all that the filled shape depends on in the instance."""
    points = np.ascontiguousarray(clicked.points, "<f8").tobytes()
    return hashlib.sha256(f"{image} {clicked.box} {clicked.boxed}".encode() + points).hexdigest()[
        :16
    ]


def _line(done: FilledShape) -> dict[str, Any]:
    if isinstance(done.shape, str):
        return {"id": done.instance_id, "unreadable": done.shape}
    return {
        "id": done.instance_id,
        "points": checked.packed(done.shape.points),
        "covariances": checked.packed(done.shape.covariances),
    }


def _shape(line: Line, size: int) -> Shape:
    """Raises Unfit."""
    points = checked.array(line, "points", (size, 2))
    return Shape(points, covariances=checked.array(line, "covariances", (size, 2, 2), gaps=True))
