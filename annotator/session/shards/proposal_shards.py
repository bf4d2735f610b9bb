"""Proposing in parts."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from typing_extensions import override

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.execution.paged import PAGE, Mapped, Paged
from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposal_work import (
    Answer,
    ProposalWork,
    ToPropose,
    Unknown,
    Unreadable,
    Withdrawn,
)
from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.models.waiting_instances import (
    Task,
    waiting_for_proposals,
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
from landmark_annotator.backends.shapes.recalibration import Recalibration
from landmark_annotator.projects.store import (
    ImageRecord,
    InstanceState,
    Making,
    OwnProposal,
    Project,
)
from landmark_annotator.projects.vocabulary import RegionMask
from landmark_annotator.projects.vocabulary.errors import TooFewLabels

NAME = "propose"

_Result = OwnProposal | Unknown | str | None
"""Why the image could not be read, in a sentence; None where it was not what it had been."""


class ProposalShards:
    """What labels say of a trained model's proposals is in the manifest: people may accept shapes
    while the parts are computed. A prior is another one with each accepted shape."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._recipe = proposer_recipe(project)
        self._proposer = self._recipe.make()
        self.reason = self._proposer.reason

    def asked(self, shards: int) -> Asked:
        return Asked(NAME, project_identity(self._project), shards)

    def manifest(self, shards: int) -> Manifest:
        if self._proposer.model is None:
            raise TooFewLabels(self.reason, remedy="Label a few shapes, or train a model, first.")
        tasks = Mapped(waiting_for_proposals(self._project, self._proposer)[0], _entry)
        state = {maker: _packed(one) for maker, one in self._recipe.followed.items()}
        return Manifest(self.asked(shards), identity_of(self._proposer), state, tasks)

    def check_model(self, manifest: Manifest) -> None:
        self._as_of(manifest)

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        proposer = self._as_of(manifest)
        recipe = replace(self._recipe, followed=proposer.followed)
        work = ProposalWork(recipe, manifest.model, proposer)
        tasks = _Tasks(self._project, shard.part_of(manifest.tasks))
        yield from map(_line, executor.results(work, tasks))

    def put_in(self, results: Iterable[tuple[Line, Line]]) -> Put:
        done, size = Put(), len(self._project.scheme)
        # Each is read when it is taken, so that what is damaged is said of that one.
        read = ((entry, _read(entry, line, size)) for entry, line in results)
        while some := list(islice(read, PAGE)):
            self._put_some(some, done)
        return done

    def _put_some(self, results: Sequence[tuple[Line, _Result]], done: Put) -> None:
        """As many as one query may ask for."""
        records = self._project.some_instances([entry["id"] for entry, _ in results])
        there = {record.id: record for record in records}
        images = self._project.some_images({record.image_id for record in records})
        kept: list[OwnProposal] = []
        for entry, result in results:
            record = there.get(entry["id"])
            if isinstance(result, Unknown):
                done.unknown += 1
            elif isinstance(result, str):
                done.unreadable.append(result)
            elif record is None or images[record.image_id].sha256 != entry.get("image"):
                done.changed.append(f"Instance {entry['id']} is gone, or of another image.")
            elif record.state is InstanceState.ACCEPTED:
                done.changed.append(f"Instance {record.id} has been accepted.")
            elif result is None or record.box != result.box:
                done.changed.append(f"The box of instance {record.id} has been changed.")
            else:
                kept.append(result)
        self._project.store_own_proposals(kept)
        done.done += len(kept)

    def _as_of(self, manifest: Manifest) -> Proposer:
        """The project's proposer as it was when the manifest was written."""
        proposer = self._proposer
        if isinstance(proposer.source, KeptModel):
            size = len(self._project.scheme)
            followed = {maker: _unpacked(one, size) for maker, one in manifest.state.items()}
            proposer = replace(proposer, followed=followed)
        if identity_of(proposer) != manifest.model:
            raise outdated(
                "The parts are of another model than the project's present one. " + self.reason,
                "Shapes that are accepted while the parts are computed make another prior; a "
                "trained model stays.",
            )
        return proposer


class _Tasks(Paged[Task]):
    """The entries of a part, those as withdrawn whose instance or image is gone."""

    def __init__(self, project: Project, entries: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._project = project
        self._entries = entries

    @override
    def __len__(self) -> int:
        return len(self._entries)

    @override
    def part(self, places: slice) -> "_Tasks":
        return _Tasks(self._project, self._entries[places])

    @override
    def read(self, start: int, end: int) -> list[Task]:
        entries = [self._entries[place] for place in range(start, end)]
        with self._project.snapshot():
            records = self._project.some_instances([checked.whole(e, "id") for e in entries])
            images = self._project.some_images({record.image_id for record in records})
            masks = dict(self._project.masks_of([record.id for record in records]))
        there = {record.id: images[record.image_id] for record in records}
        return [
            _task(entry, there.get(entry["id"]), masks.get(entry["id"], {})) for entry in entries
        ]


def _entry(task: Task) -> dict[str, Any]:
    if isinstance(task, Withdrawn):  # since it was listed: its part passes it over
        return {"id": task.instance_id, "image": None, "box": None}
    box = list(task.box.numbers)
    entry = {"id": task.instance_id, "image": task.image.sha256, "box": box}
    return entry if task.avoided is None else entry | {"avoided": task.avoided}


def _task(
    entry: Mapping[str, Any], image: ImageRecord | None, said: Mapping[str, RegionMask]
) -> Task:
    if image is None or image.sha256 != entry.get("image"):
        return Withdrawn(entry["id"])
    avoided = checked.text(entry, "avoided") if "avoided" in entry else None
    masks = {name: one.mask for name, one in said.items()}
    return ToPropose(entry["id"], image, checked.box(entry.get("box")), avoided, masks)


def _line(answer: Answer) -> Line:
    if isinstance(answer, Unreadable):
        return {"id": answer.instance_id, "unreadable": answer.why}
    if isinstance(answer, Unknown):
        return {"id": answer.instance_id, "unknown": True}
    if isinstance(answer, Withdrawn):
        return {"id": answer.instance_id, "changed": True}
    making = answer.making
    return {
        "id": answer.instance_id,
        "points": checked.packed(answer.points),
        "covariances": checked.packed(answer.covariances),
        "error": answer.predicted_error,
        "measured": None if answer.measured is None else list(answer.measured.numbers),
        "model": answer.model,
        "hidden": None if answer.hidden is None else checked.packed(answer.hidden),
        "making": None
        if making is None
        else {
            "maker": making.maker,
            "labels": making.labels,
            "degrees": None if math.isinf(making.degrees) else making.degrees,
            "axes": checked.packed(making.axes),
            "widened": making.widened,
            "moved": None if making.moved is None else checked.packed(making.moved),
            "novelty": making.novelty,
        },
    }


def _read(entry: Line, line: Line, size: int) -> _Result:
    """Raises Unfit."""
    instance_id = checked.whole(entry, "id")
    if "unreadable" in line:
        return checked.text(line, "unreadable")
    if "changed" in line:
        return None
    if "unknown" in line:
        return Unknown(instance_id)
    making = line.get("making")
    if making is not None and not isinstance(making, dict):
        raise checked.Unfit("making is no object")
    error = None if line.get("error") is None else checked.number(line, "error", 0.0)
    points = checked.array(line, "points", (size, 2), gaps=True)  # of what nothing has learned
    if (np.isnan(points[:, 0]) != np.isnan(points[:, 1])).any():
        raise checked.Unfit("points has half a point")
    doubts = checked.array(line, "covariances", (size, 2, 2))
    if (np.einsum("laa->la", doubts) < 0).any():
        raise checked.Unfit("covariances has a variance below zero")
    hidden = None
    if line.get("hidden") is not None:
        hidden = checked.array(line, "hidden", (size,))
        if ((hidden < 0) | (hidden > 1)).any():
            raise checked.Unfit("hidden has a number that is no probability")
    return OwnProposal(
        instance_id,
        checked.box(entry.get("box")),
        points,
        doubts,
        error,
        checked.text(line, "model"),
        None if making is None else _making(making, size),
        hidden,
        None if line.get("measured") is None else checked.box(line["measured"]),
    )


def _making(line: Mapping[str, Any], size: int) -> Making:
    return Making(
        checked.text(line, "maker"),
        checked.whole(line, "labels"),
        math.inf if line.get("degrees") is None else checked.number(line, "degrees", 0.0),
        checked.array(line, "axes", (2, 2)),
        checked.number(line, "widened", 0.0),
        None if line.get("moved") is None else checked.array(line, "moved", (size, 2)),
        None if line.get("novelty") is None else checked.number(line, "novelty", 0.0),
    )


def _packed(one: Recalibration) -> dict[str, Any]:
    shift = None if one.shift is None else checked.packed(one.shift)
    return {
        "widening": one.widening,
        "degrees": "inf" if one.degrees == math.inf else one.degrees,
        "shift": shift,
        "shapes": one.shapes,
        "groups": one.groups,
    }


def _unpacked(line: Any, size: int) -> Recalibration:
    if not isinstance(line, dict):
        raise checked.Unfit("what labels say of a model is no object")
    degrees = line.get("degrees")
    if degrees is not None:
        degrees = math.inf if degrees == "inf" else checked.number(line, "degrees", 0.0)
    shift = None if line.get("shift") is None else checked.array(line, "shift", (size, 2))
    shapes, groups = checked.whole(line, "shapes"), checked.whole(line, "groups")
    return Recalibration(checked.number(line, "widening", 0.0), degrees, shift, shapes, groups)
