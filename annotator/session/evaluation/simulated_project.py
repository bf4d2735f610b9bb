"""The accepted shapes of a project, labelled once more by a simulated annotator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.annotator.session.evaluation.simulation_work import (
    Clicking,
    SimulatedShape,
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
from landmark_annotator.projects.store import Project, read_at_once
from landmark_annotator.projects.store.same_objects import one_of_each
from landmark_annotator.projects.vocabulary import Progress, Provenance
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.errors import (
    MOVED_IMAGES,
    Cancelled,
    ImageError,
    TooFewLabels,
)

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


@dataclass(frozen=True)
class Settings:
    """At most `limit` accepted instances, drawn by the seed."""

    rule: str
    policy: str
    clicks: int
    limit: int
    seed: int


@dataclass(frozen=True, eq=False)
class SimulationPlan:
    """model: the identity of what proposes. tasks: one for each instance. ids: the instances.
    scale: of the targets. hand, groups: sentences on the hand that clicks and on related images."""

    work: SimulationWork
    model: str
    tasks: list[ToSimulate]
    ids: list[int]
    scale: float
    hand: str
    groups: str


@dataclass(frozen=True, eq=False)
class Measured:
    """Of one instance. errors: (clicks + 1, L) in percent of the normaliser; None where nothing
    could be proposed, a sentence where the image could not be read."""

    errors: Floats | str | None
    reason: str
    seen: Sequence[str]

    @classmethod
    def of(cls, shape: SimulatedShape) -> "Measured":
        run = shape.run
        return cls(run.errors if isinstance(run, ClickRun) else run, shape.reason, shape.seen)


def simulate_project(
    project: Project,
    settings: Settings,
    progress: Progress,
    executor: Executor = THIS_PROCESS,
) -> Simulated:
    """A prior never holds the shape that it proposes for. Raises TooFewLabels without any proposer,
    Cancelled when stopped.
    """
    plan = plan_simulation(project, settings)
    found = []
    progress.start("simulating", len(plan.tasks))
    for done in executor.results(plan.work, plan.tasks):
        found.append(Measured.of(done))
        progress.advance()
        if progress.cancelled():
            raise Cancelled("The simulation was stopped.", kept="Nothing was written.")
    return summary(found, plan.scale, plan.hand, plan.groups)


@read_at_once
def plan_simulation(project: Project, settings: Settings) -> SimulationPlan:
    """Loads what proposes. Raises TooFewLabels."""
    seed = settings.seed
    rule_named(settings.rule), policy_named(settings.policy)
    recipe = proposer_recipe(project)
    # As of `labelled_instances`: no person has seen what a rule has accepted, and nothing learns
    # from what is hidden until both of two people are done.
    hidden = project.blind_instances()
    labelled = [
        (r, r.box, shape)
        for r, shape in project.shapes()
        if r.box is not None and r.id not in hidden and Provenance.RULED not in shape.provenance
    ]
    found = related(project, labelled_instances(project))
    hand = hand_of(project)
    random = np.random.default_rng(seed)
    # All labels teach; what is measured on them counts an object once, whoever labelled it.
    kept = one_of_each(project, [record.id for record, _, _ in labelled])
    counting = [
        n
        for n, (record, _, shape) in enumerate(labelled)
        # Of a shape that is nowhere in its image there is no error.
        if record.id in kept and shape.known.any()
    ]
    chosen = random.permutation(counting)[: settings.limit].tolist()
    folds = dealt_folds([each.split_key for each in found.instances], random).tolist()
    images = {image.id: image for image in project.images()}
    recipes = recipes_without(recipe, found.instances, folds)
    if not recipes:
        raise _too_few()
    proposer = recipes[min(recipes)].make()
    usual = ErrorLengths.usual(project.scheme, ((box, shape.points) for _, box, shape in labelled))
    model = identity_of(proposer)
    work = SimulationWork(
        recipes,
        [each.key for each in found.instances],
        Clicking(settings.rule, settings.policy, settings.clicks, seed, hand.error, usual.share),
        model,
        proposer,
    )
    tasks = []
    for index in chosen:
        record, box, shape = labelled[index]
        tasks.append(ToSimulate(index, images[record.image_id], box, shape.points, folds[index]))
    ids = [labelled[index][0].id for index in chosen]
    return SimulationPlan(work, model, tasks, ids, hand.scale, hand.source, found.grouping.sentence)


def _too_few() -> TooFewLabels:
    return TooFewLabels(
        "There are not enough accepted shapes with a box to simulate with.",
        remedy="Label a few images first, or import labels.",
    )


def summary(found: Iterable[Measured], scale: float, hand: str, groups: str) -> Simulated:
    """Instances with fewer landmarks than the most clicks keep their last error. hand, groups:
    as of a plan. Raises TooFewLabels where nothing was measured, ImageError where no image could be
    read."""
    runs: list[Floats] = []
    unreadable: list[str] = []
    reason = ""
    seen: Sequence[str] = ()
    for one in found:
        reason, seen = one.reason, seen or one.seen
        if isinstance(one.errors, str):
            unreadable.append(one.errors)
        elif one.errors is not None:
            runs.append(one.errors)
    if unreadable and not runs:
        raise ImageError(
            f"None of the images can be read. {unreadable[0]}",
            kept="Nothing was simulated.",
            remedy=MOVED_IMAGES,
        )
    if not runs:
        raise _too_few()
    length = max(map(len, runs))
    last = [[min(i, len(errors) - 1) for i in range(length)] for errors in runs]
    pairs = list(zip(runs, last, strict=True))
    means = np.stack([np.nanmean(errors, axis=1)[rows] for errors, rows in pairs])
    worst = np.stack([np.nanmax(errors, axis=1)[rows] for errors, rows in pairs])
    targets = (TARGETS[0] * scale, TARGETS[1] * scale)
    return Simulated(
        instances=len(runs),
        reason=reason,
        nme=[round(float(value), 4) for value in means.mean(axis=0)],
        noc_nme=clicks_to(means, targets[0]),
        noc_all=clicks_to(worst, targets[1]),
        unreadable=list(dict.fromkeys(unreadable)),  # an image has several objects
        notes=[hand, *seen, groups],
        targets=targets,
    )
