"""Labelling the accepted shapes of a project once more by a simulated hand, in parts."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Measured,
    Settings,
    Simulated,
    plan_simulation,
    summary,
)
from landmark_annotator.annotator.session.evaluation.simulation_work import ToSimulate
from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.shards import checked_values as checked
from landmark_annotator.annotator.session.shards.checked_lines import Line, damaged
from landmark_annotator.annotator.session.shards.manifest import (
    Asked,
    Manifest,
    Shard,
    check_complete,
    manifest_of,
    outdated,
    project_identity,
)
from landmark_annotator.annotator.session.shards.result_file import results_of
from landmark_annotator.projects.store import Project

NAME = "simulate"
_MOST_CLICKS = 100_000


class SimulationShards:
    def __init__(self, project: Project, settings: Settings) -> None:
        self._project = project
        self._settings = settings

    def asked(self, shards: int) -> Asked:
        return Asked(NAME, project_identity(self._project), shards, asdict(self._settings))

    def manifest(self, shards: int) -> Manifest:
        plan = plan_simulation(self._project, self._settings)
        state = {
            "scale": plan.scale,
            "hand": plan.hand,
            "groups": plan.groups,
            "landmarks": len(self._project.scheme),
        }
        return Manifest(self.asked(shards), plan.model, state, _entries(plan.ids, plan.tasks))

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        plan = plan_simulation(self._project, self._settings)
        # Which shapes are drawn, and who is in which fold, follows from all that is labelled.
        if plan.model != manifest.model or _entries(plan.ids, plan.tasks) != [*manifest.tasks]:
            raise outdated(
                "The parts are of other shapes or another model than the project's present ones.",
                "No shape may be accepted, and no model trained, while the parts are computed.",
            )
        tasks = shard.part_of(plan.tasks)
        answers = executor.results(plan.work, tasks)
        for entry, done in zip(shard.part_of(manifest.tasks), answers, strict=True):
            yield {"id": entry["id"]} | _line(Measured.of(done))


def gathered_simulation(project: Project, folder: Path) -> tuple[Simulated, Settings]:
    """What the plain command says, and the settings that it had. Writes nothing.

    Raises ActionableError where a part is missing, damaged, or of another project.
    """
    manifest = manifest_of(project, folder)
    shards = manifest.parts
    check_complete(shards, folder, "gather again")
    found, file = [], folder
    try:
        size = checked.whole(manifest.state, "landmarks")
        for shard in shards:
            file = shard.file(folder)
            for _, line in results_of(manifest, shard, folder):
                found.append(_measured(line, size))
        file = folder
        scale = checked.number(manifest.state, "scale", 0.0)
        hand, groups = (checked.text(manifest.state, name) for name in ("hand", "groups"))
        settings = _settings(manifest)
    except checked.Unfit as error:
        raise damaged(file, str(error)) from error
    return summary(found, scale, hand, groups), settings


def _settings(manifest: Manifest) -> Settings:
    given = manifest.asked.settings
    return Settings(
        checked.text(given, "rule"),
        checked.text(given, "policy"),
        *(checked.whole(given, name) for name in ("clicks", "limit", "seed")),
    )


def _entries(ids: list[int], tasks: list[ToSimulate]) -> list[dict[str, Any]]:
    """With a hash of all that the clicks on each depend on."""
    found = []
    for i, task in zip(ids, tasks, strict=True):
        truth = np.ascontiguousarray(task.truth, "<f8").tobytes()
        beside = f"{task.index} {task.fold} {task.image.sha256} {task.box}"
        content = hashlib.sha256(beside.encode() + truth).hexdigest()[:16]
        found.append({"id": i, "shape": content})
    return found


def _line(one: Measured) -> dict[str, Any]:
    about = {"reason": one.reason, "seen": list(one.seen)}
    if one.errors is None:
        return about
    if isinstance(one.errors, str):
        return about | {"unreadable": one.errors}
    return about | {"clicks": len(one.errors) - 1, "errors": checked.packed(one.errors)}


def _measured(line: Line, size: int) -> Measured:
    """Raises Unfit."""
    reason, seen = checked.text(line, "reason"), line.get("seen")
    if not isinstance(seen, list) or not all(isinstance(each, str) for each in seen):
        raise checked.Unfit("seen is no list of sentences")
    if "unreadable" in line:
        return Measured(checked.text(line, "unreadable"), reason, seen)
    if "errors" not in line:
        return Measured(None, reason, seen)
    clicks = checked.whole(line, "clicks")
    if clicks > _MOST_CLICKS:
        raise checked.Unfit("clicks are too many")
    return Measured(checked.array(line, "errors", (clicks + 1, size), gaps=True), reason, seen)
