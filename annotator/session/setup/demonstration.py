"""What a project looks like after a while of work, so that every view of the demo shows something:
two people's labels, a plan with a sparse format, a budget with spend, and some proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.models.batch_proposals import store_expectation
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.starting_weights import start_from_weights
from landmark_annotator.annotator.session.planning.named_formats import format_landmarks
from landmark_annotator.annotator.session.planning.offer import ask_above, error_of
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.projects.budgets import Constraints
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.samples import create_demo_project, demo_truth
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Plan, Project
from landmark_annotator.projects.vocabulary import SILENT, Progress, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

_FORMAT, _CLICKS = "m9", 400
_CLICKED, _TWICE, _PROPOSED = 24, 8, 12
_A_DAY = 8
"""Objects that one person labels on a day."""
_MORNING = 9
"""The hour at which people begin."""
_BETWEEN = 20 * 60.0
"""Seconds from one object to the next, on average: they do other things besides."""
_JUDGED = 12
"""Heads that the made-up plan is measured on: somebody is waiting to see the window."""
_NAME = "Sample heads, with made-up work of two people"


@dataclass(frozen=True)
class _Hand:
    """How a person labels. spread: how far off along a whole contour, habits: (dx, dy) by a word
    that the names of landmarks have; both as shares of the box's side."""

    who: str
    spread: float
    habits: Mapping[str, tuple[float, float]]


_ADA = _Hand("Ada", 0.004, {})
_BEN = _Hand("Ben", 0.006, {"brow": (0.0, 0.018), "chin": (0.0, 0.012), "jaw": (0.0, 0.008)})
"""Ben clicks the lower edge of the brows, Ada their middle, and nobody has told them which."""


def make_demonstration(folder: Path, progress: Progress = SILENT) -> None:
    """The demo's project in a new folder. Raises ProjectError where it holds something."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with create_demo_project(folder, name=_NAME, progress=progress) as project:
        furnish(project, demo_truth(project), progress)


def furnish(project: Project, truth: Mapping[int, Shape], progress: Progress = SILENT) -> None:
    """truth: the exact shape of every instance by its id, where it is known.

    Two people, Ada and Ben, each label some objects as hands would, with clicks and time in the
    journal, which spreads their work over the days before this one; `_TWICE` objects are labelled
    by both.
    """
    # These heads are rendered too, though none of them is among those that it learned from.
    start_from_weights(project, "heads68")
    rng = np.random.default_rng(9)
    waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    progress.start("Making the sample project", 3)
    # The first stay free: they are what the person who looks is to label.
    clicked = waiting[_PROPOSED : _PROPOSED + _CLICKED]
    days = -(-len(clicked) // _A_DAY)
    for n, record in enumerate(clicked):
        if n % _A_DAY == 0:
            at = _morning(1 + days - n // _A_DAY)
        at = _labelled_by(_ADA, project, record, truth[record.id], rng, at)
    progress.advance(note="labels")
    images = {record.image_id: truth[record.id] for record in clicked}
    among = [record.id for record in clicked]
    at = _morning(1)
    for each in ask_for_second_opinions(project, _TWICE, seed=9, who="Ada", among=among):
        record = project.instance(each)
        at = _labelled_by(_BEN, project, record, images[record.image_id], rng, at)
    landmarks, _ = format_landmarks(project, _FORMAT, Constraints())
    threshold = ask_above(error_of(project, landmarks, SILENT, _JUDGED))
    plan = Plan(name=_FORMAT, landmarks=landmarks, ask_above=threshold)
    project.set_plan(replace(plan, clicks=_CLICKS), who="Ada")
    progress.advance(note="plan")
    proposer = best_proposer(project)
    for record in waiting[:_PROPOSED]:
        assert record.box is not None
        pixels = pixels_of(project.image(record.image_id))
        proposal = proposer.propose(pixels, record.box)
        if proposal is not None:
            store_expectation(project, record.id, proposal, proposal.given([]), proposer)
    progress.advance(note="proposals")


def _morning(days: int) -> datetime:
    """When people began to work so many days ago."""
    today = datetime.now().astimezone().replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days)).astimezone(UTC)


def _labelled_by(
    hand: _Hand,
    project: Project,
    record: InstanceRecord,
    truth: Shape,
    rng: np.random.Generator,
    at: datetime,
) -> datetime:
    """Three to seven clicks as this hand makes them, the rest inferred, then accepted.

    at: when this hand turns to the object; returns when it turns to the next one.
    """
    assert record.box is not None
    off = record.box.side * _errors(hand, project.scheme, rng)
    clicked = rng.choice(len(truth), int(rng.integers(3, 8)), replace=False)
    points = truth.points + off
    with project.transaction():
        for landmark in clicked.tolist():
            seconds = float(rng.gamma(4.0, 0.6))
            at += timedelta(seconds=seconds)
            project.place(
                record.id,
                landmark,
                points[landmark],
                who=hand.who,
                proposed=points[landmark] + 3 * off[landmark],
                duration=seconds,
                at=at,
            )
        shape = Shape(
            points,
            truth.visibility,
            [
                Provenance.CLICKED if landmark in clicked else Provenance.INFERRED
                for landmark in range(len(truth))
            ],
        )
        seconds = float(rng.gamma(3.0, 0.8))
        at += timedelta(seconds=seconds)
        project.accept(record.id, shape, who=hand.who, duration=seconds, at=at)
    return at + timedelta(seconds=float(rng.gamma(2.0, _BETWEEN / 2)))


def _errors(hand: _Hand, scheme: Scheme, rng: np.random.Generator) -> Floats:
    """(L, 2) in shares of the box's side: neighbours on a contour are off alike."""
    off = rng.normal(0, hand.spread, (len(scheme), 2))
    near = np.eye(len(scheme))
    for one, other in scheme.edges:
        near[one, other] = near[other, one] = 1.0
    off = near @ off / np.sqrt(near.sum(axis=1, keepdims=True))
    for word, habit in hand.habits.items():
        named = [word in name.split() for name in scheme.landmarks]
        off[named] += habit
    return np.asarray(off)
