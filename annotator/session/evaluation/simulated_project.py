"""The accepted shapes of a project, labelled once more by a simulated annotator."""

from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.evaluation.simulation_work import (
    Clicking,
    SimulationWork,
    ToSimulate,
    recipes_without,
)
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.annotator.session.models.related_instances import related
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.simulation.hand import dealt_folds
from landmark_annotator.annotator.session.simulation.simulated_clicks import ClickRun, policy_named
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.shapes.rules import rule_named
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress, Provenance
from landmark_annotator.projects.vocabulary.errors import Cancelled, TooFewLabels

TARGETS = (3.5, 10.0)
"""In percent of a scheme's normaliser."""


@dataclass(frozen=True)
class Simulated:
    """nme: mean over the instances in percent, after 0, 1, ... clicks. noc_nme: mean clicks to an
    NME of targets[0] percent; noc_all: until every landmark is within targets[1]; an instance that
    never gets there counts one more than the most clicks. unreadable: one sentence for each image
    left out.
    notes: sentences on what the figures are worth."""

    instances: int
    reason: str
    nme: list[float]
    noc_nme: float
    noc_all: float
    unreadable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    targets: tuple[float, float] = TARGETS


def simulate_project(
    project: Project,
    *,
    rule: str,
    policy: str,
    clicks: int,
    limit: int,
    seed: int,
    progress: Progress,
    executor: Executor = THIS_PROCESS,
) -> Simulated:
    """At most `limit` accepted instances, drawn by the seed.

    A prior never holds the shape that it proposes for. Raises TooFewLabels without any proposer,
    Cancelled when stopped.
    """
    rule_named(rule), policy_named(policy)
    recipe = proposer_recipe(project)
    # As of `labelled_instances`: no person has seen what a rule has accepted.
    labelled = [
        (r, r.box, shape)
        for r, shape in project.shapes()
        if r.box is not None and Provenance.RULED not in shape.provenance
    ]
    found = related(project, labelled_instances(project))
    hand = hand_of(project)
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(labelled))[:limit].tolist()
    folds = dealt_folds([each.split_key for each in found.instances], random).tolist()
    images = {image.id: image for image in project.images()}
    recipes = recipes_without(recipe, found.instances, folds)
    if not recipes:
        raise _too_few()
    proposer = recipes[min(recipes)].make()
    work = SimulationWork(
        recipes,
        [each.key for each in found.instances],
        Clicking(rule, policy, clicks, seed, hand.error),
        identity_of(proposer),
        proposer,
    )
    tasks = []
    for index in chosen:
        record, box, shape = labelled[index]
        tasks.append(ToSimulate(index, images[record.image_id], box, shape.points, folds[index]))
    runs: list[ClickRun] = []
    unreadable: list[str] = []
    reason, seen = "", list[str]()
    progress.start("simulating", len(tasks))
    for done in executor.results(work, tasks):
        reason, seen = done.reason, seen or done.seen
        if isinstance(done.run, str):
            unreadable.append(done.run)
        elif done.run is not None:
            runs.append(done.run)
        progress.advance()
        if progress.cancelled():
            raise Cancelled("The simulation was stopped.", kept="Nothing was written.")
    if not runs:
        raise _too_few()
    notes = [hand.source, *seen, found.grouping.sentence]
    return replace(_summary(runs, reason, unreadable, hand.scale), notes=notes)


def _too_few() -> TooFewLabels:
    return TooFewLabels(
        "There are not enough accepted shapes with a box to simulate with.",
        remedy="Label a few images first, or import labels.",
    )


def _summary(runs: list[ClickRun], reason: str, unreadable: list[str], scale: float) -> Simulated:
    """Instances with fewer landmarks than the most clicks keep their last error."""
    length = max(len(run.errors) for run in runs)
    last = [[min(i, len(run.errors) - 1) for i in range(length)] for run in runs]
    means = np.stack([run.nme[rows] for run, rows in zip(runs, last, strict=True)])
    worst = np.stack(
        [np.nanmax(run.errors, axis=1)[rows] for run, rows in zip(runs, last, strict=True)]
    )
    targets = (TARGETS[0] * scale, TARGETS[1] * scale)
    return Simulated(
        instances=len(runs),
        reason=reason,
        nme=[round(float(value), 4) for value in means.mean(axis=0)],
        noc_nme=clicks_to(means, targets[0]),
        noc_all=clicks_to(worst, targets[1]),
        unreadable=unreadable,
        targets=targets,
    )
