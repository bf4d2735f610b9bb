"""The accepted shapes of a project, labelled once more by a simulated annotator."""

from dataclasses import dataclass, field, replace

import numpy as np

from annotator.session.models.hand_precision import hand_of
from annotator.session.models.library import KeptModel
from annotator.session.models.proposers import Proposer, ProposerRecipe, proposer_recipe
from annotator.session.models.related_instances import related
from annotator.session.models.training import labelled_instances
from annotator.session.simulation.hand import dealt_folds
from annotator.session.simulation.simulated_clicks import (
    ClickRun,
    policy_named,
    simulate_clicks,
)
from backends.metrics.clicks import clicks_to
from backends.shapes.rules import rule_named
from projects.images import pixels_of
from projects.store import Project
from projects.vocabulary import LabelledInstance, Progress
from projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels

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
) -> Simulated:
    """At most `limit` accepted instances, drawn by the seed.

    A prior never holds the shape that it proposes for. Raises TooFewLabels without any proposer,
    Cancelled when stopped.
    """
    rule_named(rule), policy_named(policy)
    recipe = proposer_recipe(project)
    labelled = [(r, r.box, shape) for r, shape in project.shapes() if r.box is not None]
    found = related(project, labelled_instances(project))
    instances = found.instances
    hand = hand_of(project)
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(labelled))[:limit]
    folds = dealt_folds([each.split_key for each in instances], random)
    proposers: dict[int, Proposer] = {}
    images = {image.id: image for image in project.images()}
    runs: list[ClickRun] = []
    unreadable: list[str] = []
    reason = ""
    progress.start("simulating", len(chosen))
    for index in chosen.tolist():
        if progress.cancelled():
            raise Cancelled("The simulation was stopped.", kept="Nothing was written.")
        record, box, shape = labelled[index]
        fold = int(folds[index])
        if fold not in proposers:
            proposers[fold] = _proposer_without(fold, recipe, instances, folds.tolist(), proposers)
        reason = proposers[fold].reason
        progress.advance()
        try:
            proposal = proposers[fold].propose(pixels_of(images[record.image_id]), box)
        except ImageError as error:
            unreadable.append(error.happened)
            continue
        if proposal is None:
            continue
        runs.append(
            simulate_clicks(
                proposal,
                shape.points,
                project.scheme,
                rule=rule,
                policy=policy,
                clicks=min(clicks, len(project.scheme)),
                normaliser_length=project.scheme.normaliser_length(shape.points, box),
                click_error=hand.error,
                click_noise=np.random.default_rng((seed, index)).normal(size=shape.points.shape),
            )
        )
    if not runs:
        raise TooFewLabels(
            "There are not enough accepted shapes with a box to simulate with.",
            remedy="Label a few images first, or import labels.",
        )
    notes = [hand.source, *_seen(proposers, instances), found.grouping.sentence]
    return replace(_summary(runs, reason, unreadable, hand.scale), notes=notes)


def _seen(proposers: dict[int, Proposer], instances: list[LabelledInstance]) -> list[str]:
    """A sentence where a model has learned from the very images that it was asked about."""
    for proposer in proposers.values():
        kept = proposer.source
        if isinstance(kept, KeptModel):
            keys = [each.key for each in instances]
            learned = len(keys) - len(kept.not_learned_from(keys))
            if learned:
                return [
                    f"The {kept.backend.title} has learned from {learned:,} of these "
                    f"{len(keys):,} shapes: on new images it needs more clicks than here."
                ]
            return [s for s in [kept.too_small()] if s]
    return []


def _proposer_without(
    fold: int,
    recipe: ProposerRecipe,
    labelled: list[LabelledInstance],
    folds: list[int],
    made: dict[int, Proposer],
) -> Proposer:
    """A trained model serves every fold; a prior is fitted to the shapes of the other folds."""
    for proposer in made.values():
        if not proposer.learns_at_once:
            return proposer
    others = [each for each, at in zip(labelled, folds, strict=True) if at != fold]
    return replace(recipe, labelled=tuple(others[: len(recipe.labelled)])).make()


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
