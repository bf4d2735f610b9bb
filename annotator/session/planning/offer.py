"""What each number of points would buy in a project: error, seconds an image, hours in all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.session.evaluation.held_out_errors import (
    HeldOutErrors,
    held_out_errors,
    why_unknown,
)
from landmark_annotator.annotator.session.models.proposers import model_proposes
from landmark_annotator.projects.budgets import (
    Affinity,
    Constraints,
    Curve,
    SparseFormat,
    Spread,
    affinity,
    curve,
    spread,
    tie_broken,
)
from landmark_annotator.projects.budgets.affinity import SEEMS_MORE
from landmark_annotator.projects.budgets.costs import Costs, costs
from landmark_annotator.projects.budgets.known_formats import Comparison, compared
from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.groups import Grouping, project_groups
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.same_objects import one_of_each
from landmark_annotator.projects.vocabulary import MODELLED, Box, Progress, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, TooFewLabels
from landmark_annotator.projects.vocabulary.wording import count, counted, duration, time_each

_ENOUGH_BY_HAND = 20
"""Shapes placed wholly by people from which on those with inferred landmarks are left out."""
_TIE_SECONDS = 1.0
_SAMPLES = 10
_LEAST_SPREAD = 20
"""Labelled shapes from which on the spread of the curve says something."""
_LEAST_GROUPS = 10
"""Of related images among them, which are drawn as one: of fewer a half is a handful."""
_NONE_WAITS = "No instance waits"
_MARGIN = 1.25
"""An image is asked for one more point where its predicted error is this many times the usual."""


@dataclass(frozen=True)
class Purchase:
    """What the best format of m points buys; m = 0 is no click at all.

    error: mean NME in percent on held-out instances after conditioning on the m points, None where
    there were too few to hold out. image_seconds: of a person, on one image. hours: on
    all images that wait.
    """

    m: int
    format: SparseFormat | None
    error: float | None
    image_seconds: float
    hours: float


@dataclass(frozen=True)
class Unplanned:
    """What an image costs where no points are planned: the model asks as it goes, until the shape
    is good enough.

    error: NME in percent that is left, None where that of what proposes is not known.
    image_seconds: of a person. measured: on how many finished images; 0 where it is simulated.
    by_model: whether a trained model proposes; else a prior does, which costs more clicks than a
    model will. looked: whether that prior looks at images, with registration.
    """

    clicks: float
    error: float | None
    image_seconds: float
    measured: int
    by_model: bool
    looked: bool = False

    def said(self, images: int, one: str = "image") -> str:
        """One sentence, for so many images. one: what each of these is called."""
        by = (
            f"by the last {self.measured} that were finished"
            if self.measured
            else "simulated on labels that it has not learned from"
        )
        clicks = count(self.clicks)
        left = "" if self.error is None else f"; expected error {self.error:.2f} %"
        return (
            f"Without a plan: {clicks} {'click' if clicks == '1' else 'clicks'} and "
            f"{time_each(self.image_seconds)} an {one}, {duration(self.image_seconds * images)} "
            f"for {counted(images, one)} ({by}){left}."
        )


@dataclass(frozen=True, eq=False)
class Offer:
    """All that a project lead needs to choose by.

    spread: None with too few shapes. images: how many instances the hours are for. unplanned:
    None where it is not known. unknown: why no errors are, empty where they are. notes: sentences
    on what the figures are worth. one: what an instance is called where they are counted: image,
    or object where an image holds several. complete: whether the last purchase has all landmarks.
    """

    curve: Curve
    spread: Spread | None
    purchases: tuple[Purchase, ...]
    costs: Costs
    images: int
    notes: tuple[str, ...]
    unplanned: Unplanned | None = None
    model: bool = False
    unknown: str = ""
    one: str = "image"
    complete: bool = True

    def for_images(self, images: int) -> "Offer":
        """The same points for another number of instances that wait, as when some more are
        accepted, or one is sent back."""
        purchases = [replace(p, hours=p.image_seconds * images / 3600) for p in self.purchases]
        notes = tuple(note for note in self.notes if not note.startswith(_NONE_WAITS))
        return replace(self, images=images, purchases=tuple(purchases), notes=notes)

    def for_waiting(self, waiting: int, instances: int) -> "Offer":
        """For as many as wait by now; where none does, the times are for all instances, which a
        note says."""
        told = self.for_images(waiting or instances)
        return told if waiting else replace(told, notes=(*told.notes, _none_waits(instances)))

    def at(self, m: int) -> Purchase:
        """The purchase of m points, or of the nearest number that was tried."""
        return min(self.purchases, key=lambda p: (abs(p.m - m), p.m))

    @property
    def unclicked(self) -> Purchase | None:
        """What is proposed, looked at and accepted as it is; None where its error is not known."""
        return next((p for p in self.purchases if p.format is None and p.error is not None), None)


def labelled_shapes(project: Project) -> tuple[list[tuple[Box, Shape]], tuple[str, ...]]:
    """The shapes to learn from, one of each object, with their boxes, and notes on them.

    Landmarks that a model inferred follow the others more closely than real ones: with enough
    shapes that people placed or files brought whole, only those count.
    """
    _, labelled, notes = _labelled(project)
    return labelled, notes


def _labelled(project: Project) -> tuple[list[int], list[tuple[Box, Shape]], tuple[str, ...]]:
    """The ids of the images of `labelled_shapes`, and these."""
    with project.snapshot():
        read = [(record, shape) for record, shape in project.shapes() if shape.known.sum() >= 2]
        # Of several people's labels of an object one that no model had a hand in.
        by_people = sorted((_is_modelled(shape), record.id) for record, shape in read)
        kept = one_of_each(project, [number for _, number in by_people])
    found = [
        (record.image_id, (record.box or Box.square_around(shape.points), shape))
        for record, shape in read
        if record.id in kept
    ]
    whole = [each for each in found if not _is_modelled(each[1][1])]
    notes: tuple[str, ...] = ()
    if len(whole) == len(found) or len(whole) >= _ENOUGH_BY_HAND:
        found = whole
    else:
        modelled = len(found) - len(whole)
        has = "has" if modelled == 1 else "have"
        notes = (
            f"{modelled} of {counted(len(found), 'shape')} {has} landmarks that a model inferred, "
            "which makes points look more alike than they are.",
        )
    return [image for image, _ in found], [pair for _, pair in found], notes


def _is_modelled(shape: Shape) -> bool:
    return not MODELLED.isdisjoint(shape.provenance)


def offer(
    project: Project,
    *,
    constraints: Constraints | None = None,
    frame: str = "box",
    seed: int = 0,
    seconds: float = 60.0,
    measured: Costs | None = None,
    progress: Progress,
) -> Offer:
    """The curve of the project's labelled shapes, and what its points buy.

    constraints: those without costs get the seconds that the journal measured; measured: these,
    where they have been asked for already. Errors are those of what proposes in the project, on
    instances that it has not learned from. Raises TooFewLabels, ContradictingConstraints,
    Cancelled.
    """
    # Read once: people label meanwhile, and each shape keeps its group.
    images, labelled, notes = _labelled(project)
    measured = measured or costs(project)
    asked = constraints or Constraints()
    if asked.costs is None:
        asked = replace(asked, costs=measured.clicks)
    points = _stacked(labelled, len(project.scheme))
    shapes = _affinity(project, points, frame)
    found = curve(shapes, constraints=asked, seconds=seconds)
    groups, grouping = _groups(project, images)
    varies = None
    enough = len(points) >= _LEAST_SPREAD and len(set(groups)) >= _LEAST_GROUPS
    if enough and np.isfinite(points).all():
        varies = spread(
            points,
            samples=_SAMPLES,
            seed=seed,
            constraints=asked,
            frame=frame,
            seconds=seconds,
            groups=groups,
        )
    accepted = project.count_of(InstanceState.ACCEPTED)
    waiting = project.instance_count() - accepted + project.second_opinions_to_come()
    if not waiting:
        waiting = accepted
        notes += (_none_waits(waiting),)
    sizes = _tried(found.sizes, len(shapes))
    progress.start("formats", len(sizes))
    formats: list[SparseFormat] = []
    for m in sizes:
        _go_on(progress)
        told = tie_broken(
            shapes.matrix,
            found.at(m),
            mirror=project.scheme.mirror,
            constraints=asked,
            seconds=_TIE_SECONDS,
        )
        # Where a demand leaves no room for another point, more of them buy nothing.
        if not formats or len(told.landmarks) > len(formats[-1].landmarks):
            formats.append(told)
    measured_on = [(), *(f.landmarks for f in formats)]
    errors = held_out_errors(project, labelled, measured_on, seed, progress, groups)
    purchases = []
    known: Sequence[float | None] = errors.errors if errors else [None] * (len(formats) + 1)
    for chosen, error in zip([None, *formats], known, strict=True):
        each = measured.seconds(chosen.landmarks if chosen else ())
        purchases.append(
            Purchase(chosen.m if chosen else 0, chosen, error, each, each * waiting / 3600)
        )
    unknown = "" if errors else why_unknown(labelled)
    if errors is None:
        notes += (unknown,)
    else:
        notes += (errors.source, errors.assumed, grouping.sentence)
    model = model_proposes(project)
    return Offer(
        found,
        varies,
        tuple(purchases),
        measured,
        waiting,
        (
            *shapes.warnings,
            *_few_groups(len(set(groups)), len(points), len(project.scheme)),
            *notes,
        ),
        _unplanned(project, errors, measured, model),
        model,
        unknown,
        project.counted_in(),
        len(formats[-1].landmarks) == len(project.scheme),
    )


def few_groups(project: Project) -> tuple[str, ...]:
    """As a note of `offer`, for who chooses a format without it."""
    images, labelled, _ = _labelled(project)
    groups, _ = _groups(project, images)
    return _few_groups(len(set(groups)), len(labelled), len(project.scheme))


def _few_groups(groups: int, shapes: int, landmarks: int) -> tuple[str, ...]:
    """A note where related shapes are many and unrelated ones few; of few shapes `affinity` warns
    anyhow."""
    if not groups < landmarks <= shapes:
        return ()
    return (
        f"The {shapes:,} labelled shapes are of {counted(groups, 'group')} of related images, "
        f"fewer than the {landmarks} landmarks: {SEEMS_MORE}.",
    )


def _unplanned(
    project: Project, errors: HeldOutErrors | None, costs: Costs, model: bool
) -> Unplanned | None:
    """As the journal has it where people work without a plan, else simulated."""
    done = None if project.plan().landmarks else ledger(project).forecast
    if done is not None and not done.by_hand:
        judged = errors is not None and errors.by_model == model
        left = errors.corrected.error if errors is not None and judged else None
        looked = not model and errors is not None and errors.looked
        return Unplanned(done.each_clicks, left, done.each_seconds, done.based_on, model, looked)
    if errors is None:
        return None
    corrected = errors.corrected
    seconds = costs.image + corrected.clicks * float(np.mean(costs.clicks))
    simulated = (corrected.clicks, corrected.error, seconds)
    return Unplanned(*simulated, 0, errors.by_model, errors.looked)


def _none_waits(instances: int) -> str:
    return f"{_NONE_WAITS}; the times are for {instances:,} like those labelled."


def project_affinity(project: Project, frame: str = "box", within: Sequence[int] = ()) -> Affinity:
    """Of the shapes that `offer` goes by. within: of these landmarks alone, among themselves."""
    points = _stacked(labelled_shapes(project)[0], len(project.scheme))
    return _affinity(project, points, frame, within)


def _affinity(project: Project, points: Floats, frame: str, within: Sequence[int] = ()) -> Affinity:
    """Raises TooFewLabels, which then speaks of the shapes that are labelled in part as well, and
    ActionableError where there is one landmark alone."""
    if len(project.scheme) < 2:
        raise ActionableError(
            "There is one landmark alone, and so none to choose among.",
            kept="Nothing was changed.",
            remedy="A budget is for schemes of several landmarks.",
        )
    inside = list(within or range(len(project.scheme)))
    try:
        names = [project.scheme.landmarks[j] for j in inside]
        return affinity(points[:, inside], frame=frame, names=names)
    except TooFewLabels as error:
        begun = [shape.known for _, shape in project.shapes(InstanceState.STARTED)]
        if not begun:
            raise
        named = ""
        never = np.flatnonzero(~np.any(begun, axis=0))
        if len(never):
            few = ", ".join(project.scheme.landmarks[j] for j in never[:3])
            named = f" In none of them: {few}{' and others' if len(never) > 3 else ''}."
        more = "1 more is labelled in part only and does not count."
        if len(begun) > 1:
            more = f"{len(begun):,} more are labelled in part only and do not count."
        raise TooFewLabels(
            f"{error.happened} {more}{named}",
            kept=error.kept,
            remedy=f"{error.remedy} Where a landmark is not in the image, say so: it then counts "
            "as done.",
        ) from error


def error_of(
    project: Project, landmarks: Sequence[int], progress: Progress, most: int | None = None
) -> float | None:
    """Mean held-out NME in percent of one format; None where it is not known. most: as of
    `held_out_errors`."""
    images, labelled, _ = _labelled(project)
    groups, _ = _groups(project, images)
    found = held_out_errors(project, labelled, [tuple(landmarks)], 0, progress, groups, most)
    return None if found is None else found.errors[0]


def _groups(project: Project, images: Sequence[int]) -> tuple[list[int], Grouping]:
    """The group of each of these images."""
    grouping = project_groups(project, sorted(set(images)))
    return [grouping.leaders[image] for image in images], grouping


def ask_above(error: float | None) -> float | None:
    """The predicted error from which on an image is asked for one point more than planned."""
    return None if error is None else _MARGIN * error


def _stacked(labelled: Sequence[tuple[Box, Shape]], size: int) -> Floats:
    """(N, L, 2) in pixels."""
    return np.array([shape.points for _, shape in labelled]).reshape(-1, size, 2)


def _tried(sizes: list[int], most: int) -> list[int]:
    """Every number of points up to 20, then ever fewer of them, and all L."""
    larger = np.unique(np.geomspace(20, max(most, 20), 8).round().astype(int)).tolist()
    return [m for m in sizes if m <= 20 or m in larger or m == most]


def _go_on(progress: Progress) -> None:
    if progress.cancelled():
        raise Cancelled("The planning was stopped.", kept="Nothing was changed.")
    progress.advance()


def known_formats(project: Project, frame: str = "box") -> list[Comparison]:
    """Formats that exist for the project's scheme next to the best ones; none for most schemes."""
    if project.scheme.name != "face68":
        return []
    return compared(_stacked(labelled_shapes(project)[0], len(project.scheme)), frame=frame)
