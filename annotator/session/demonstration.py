"""What a project looks like after a while of work, so that every view of the demo shows something:
two people's labels, a plan with a sparse format, a budget with spend, and some proposals."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from annotator.session.naming_formats import format_landmarks
from annotator.session.planning import ask_above, error_of
from annotator.session.proposers import best_proposer
from annotator.session.proposing import store_expectation
from annotator.session.second_opinions import ask_for_second_opinions
from projects.budgets import Constraints
from projects.images import read_pixels
from projects.store import InstanceRecord, InstanceState, Plan, Project
from projects.vocabulary import SILENT, Progress, Provenance, Shape

_FORMAT, _CLICKS = "m9", 400
_CLICKED, _TWICE, _PROPOSED = 10, 8, 12
_HAND = 0.012
"""How far a hand is off, as a share of the box's side."""


def furnish(project: Project, truth: Mapping[int, Shape], progress: Progress = SILENT) -> None:
    """truth: the exact shape of every instance by its id, where it is known.

    Two people, Ada and Ben, each label some objects as hands would, with clicks and time in the
    journal; `_TWICE` objects are labelled by both.
    """
    rng = np.random.default_rng(9)
    waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    progress.start("Making the sample project", 3)
    # The first stay free: they are what the person who looks is to label.
    for record in waiting[_PROPOSED : _PROPOSED + _CLICKED]:
        _labelled_by("Ada", project, record, truth[record.id], rng)
    progress.advance(note="labels")
    images = {project.instance(each).image_id: shape for each, shape in truth.items()}
    for each in ask_for_second_opinions(project, _TWICE, seed=9, who="Ada"):
        record = project.instance(each)
        _labelled_by("Ben", project, record, images[record.image_id], rng)
    landmarks, _ = format_landmarks(project, _FORMAT, Constraints())
    threshold = ask_above(error_of(project, landmarks, 0, SILENT))
    plan = Plan(name=_FORMAT, landmarks=landmarks, ask_above=threshold)
    project.set_plan(replace(plan, clicks=_CLICKS), who="Ada")
    progress.advance(note="plan")
    proposer = best_proposer(project)
    for record in waiting[:_PROPOSED]:
        assert record.box is not None
        pixels = read_pixels(project.image(record.image_id).path)
        proposal = proposer.propose(pixels, record.box)
        if proposal is not None:
            store_expectation(project, record.id, proposal, proposal.given([]))
    progress.advance(note="proposals")


def _labelled_by(
    who: str, project: Project, record: InstanceRecord, truth: Shape, rng: np.random.Generator
) -> None:
    """Three to seven clicks near the truth, the rest inferred, then accepted."""
    assert record.box is not None
    off = rng.normal(0, _HAND * record.box.side, truth.points.shape)
    clicked = rng.choice(len(truth), int(rng.integers(3, 8)), replace=False)
    points = truth.points + 0.6 * off
    with project.transaction():
        for landmark in clicked.tolist():
            project.place(
                record.id,
                landmark,
                points[landmark],
                who=who,
                proposed=points[landmark] + 3 * off[landmark],
                duration=float(rng.gamma(4.0, 0.6)),
            )
        shape = Shape(
            points,
            truth.visibility,
            [
                Provenance.CLICKED if landmark in clicked else Provenance.INFERRED
                for landmark in range(len(truth))
            ],
        )
        project.accept(record.id, shape, who=who, duration=float(rng.gamma(3.0, 0.8)))
