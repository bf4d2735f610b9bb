"""Proposing in parts."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposal_work import (
    Answer,
    ProposalWork,
    ToPropose,
    Unreadable,
    Withdrawn,
)
from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.models.waiting_instances import waiting_for_proposals
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
from landmark_annotator.projects.vocabulary.errors import TooFewLabels

NAME = "propose"
_TOGETHER = 500


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
        tasks = [
            {"id": one.instance_id, "image": one.image.sha256, "box": list(one.box.numbers)}
            for one in waiting_for_proposals(self._project)[0]
            if isinstance(one, ToPropose)
        ]
        state = {maker: _packed(one) for maker, one in self._recipe.followed.items()}
        return Manifest(self.asked(shards), identity_of(self._proposer), state, tasks)

    def check_model(self, manifest: Manifest) -> None:
        self._as_of(manifest)

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        proposer = self._as_of(manifest)
        entries = shard.part_of(manifest.tasks)
        ids = [checked.whole(entry, "id") for entry in entries]
        with self._project.snapshot():
            records = self._project.some_instances(ids)
            images = self._project.some_images({record.image_id for record in records})
        there = {record.id: images[record.image_id] for record in records}
        tasks = [_task(entry, there) for entry in entries]
        recipe = replace(self._recipe, followed=proposer.followed)
        work = ProposalWork(recipe, manifest.model, proposer)
        answers = executor.results(work, [task for task in tasks if task is not None])
        for entry, task in zip(entries, tasks, strict=True):
            yield {"id": entry["id"], "changed": True} if task is None else _line(next(answers))

    def put_in(self, results: Iterable[tuple[Line, Line]]) -> Put:
        done = Put()
        images = {image.id: image.sha256 for image in self._project.images()}
        there = {r.id: r for r in self._project.instances()}
        kept: list[OwnProposal] = []
        for entry, line in results:
            record = there.get(checked.whole(entry, "id"))
            if "unreadable" in line:
                done.unreadable.append(checked.text(line, "unreadable"))
            elif record is None or images.get(record.image_id) != entry.get("image"):
                done.changed.append(f"Instance {entry['id']} is gone, or of another image.")
            elif record.state is InstanceState.ACCEPTED:
                done.changed.append(f"Instance {record.id} has been accepted.")
            elif "changed" in line or record.box != checked.box(entry.get("box")):
                done.changed.append(f"The box of instance {record.id} has been changed.")
            else:
                kept.append(_read(entry, line, len(self._project.scheme)))
                done.done += 1
            if len(kept) >= _TOGETHER:
                self._project.store_own_proposals(kept)
                kept = []
        self._project.store_own_proposals(kept)
        return done

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


def _task(entry: Mapping[str, Any], there: Mapping[int, ImageRecord]) -> ToPropose | None:
    image = there.get(checked.whole(entry, "id"))
    if image is None or image.sha256 != entry.get("image"):
        return None
    return ToPropose(entry["id"], image, checked.box(entry.get("box")))


def _line(answer: Answer) -> Line:
    if isinstance(answer, Unreadable):
        return {"id": answer.instance_id, "unreadable": answer.why}
    if isinstance(answer, Withdrawn):
        return {"id": answer.instance_id, "changed": True}
    making = answer.making
    return {
        "id": answer.instance_id,
        "points": checked.packed(answer.points),
        "covariances": checked.packed(answer.covariances),
        "error": answer.predicted_error,
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


def _read(entry: Mapping[str, Any], line: Line, size: int) -> OwnProposal:
    """Raises Unfit."""
    making = line.get("making")
    if making is not None and not isinstance(making, dict):
        raise checked.Unfit("making is no object")
    error = None if line.get("error") is None else checked.number(line, "error", 0.0)
    doubts = checked.array(line, "covariances", (size, 2, 2))
    if (np.einsum("laa->la", doubts) < 0).any():
        raise checked.Unfit("covariances has a variance below zero")
    hidden = None
    if line.get("hidden") is not None:
        hidden = checked.array(line, "hidden", (size,))
        if ((hidden < 0) | (hidden > 1)).any():
            raise checked.Unfit("hidden has a number that is no probability")
    return OwnProposal(
        checked.whole(line, "id"),
        checked.box(entry.get("box")),
        checked.array(line, "points", (size, 2)),
        doubts,
        error,
        checked.text(line, "model"),
        None if making is None else _making(making, size),
        hidden,
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
