"""Filling: the dense shape on sparsely labelled instances, by the method that proves best."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.filling.dense import FRAME_POINTS, Clicked, Dense
from landmark_annotator.annotator.session.filling.fill_work import FillWork, ToFill, fill_methods
from landmark_annotator.annotator.session.filling.methods import (
    FillMethod,
    Judgement,
    compared,
    errors_of,
    judgement,
    refuse_cancelled,
)
from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.moved_images import with_images
from landmark_annotator.annotator.session.models.related_instances import judging, related
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.projects.groups import Grouping
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import (
    ActionKind,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
    fill_shapes,
    read_at_once,
)
from landmark_annotator.projects.store.own_boxes import own_boxes_of
from landmark_annotator.projects.vocabulary import (
    PLACED,
    Box,
    LabelledInstance,
    Progress,
    Provenance,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    ImageError,
    TooFewLabels,
)
from landmark_annotator.projects.vocabulary.own_boxes import OwnBoxes, is_whole
from landmark_annotator.projects.vocabulary.wording import counted, say_once

FEWEST_DENSE = 10
_JUDGED = 100
"""Densely labelled instances that each method is judged on, at most."""


class OnlyAccepted(ActionableError):
    """Nothing waits to be filled but what a model has placed in accepted shapes."""


@dataclass(frozen=True)
class Filled:
    """What a fill did. count: instances; landmarks: positions that were written.

    chosen: the method; judgements: of all of them, best first, on `clicked`, the landmarks that
    most of the instances have. inferred: accepted shapes that were left as they are though a model
    has placed those of their landmarks that people did not; ones that are a model's altogether have
    nothing to be filled by and are not among them. without_box: instances left out for want of one.
    changed: those that were left as they are, since somebody has worked on them meanwhile.
    unreadable: one sentence for each image that could not be read. notes: sentences on methods that
    were not tried. related: a sentence on how images are grouped.
    """

    count: int
    landmarks: int
    chosen: str
    judgements: tuple[Judgement, ...]
    clicked: tuple[int, ...]
    dense: int
    inferred: int = 0
    without_box: int = 0
    changed: int = 0
    unreadable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    related: str = ""


@dataclass(frozen=True, eq=False)
class FillPlan:
    """What a fill would do, before anything is written. count: instances that wait; landmarks:
    positions that would be written; best: the method that is taken; the rest as in `Filled`."""

    best: FillMethod
    judgements: tuple[Judgement, ...]
    count: int
    landmarks: int
    clicked: tuple[int, ...]
    dense: int
    again: bool
    """Whether what a model placed in accepted shapes is placed anew."""
    inferred: int
    without_box: int
    notes: tuple[str, ...]
    related: str
    labelled: Dense
    """What the method is fitted to."""
    seed: int


@dataclass
class Waiting:
    """The instances to fill, and what was left aside. images: the hash of each one's image."""

    waiting: dict[int, Clicked] = field(default_factory=dict)
    images: dict[int, str] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)
    inferred: int = 0
    without_box: int = 0
    seen: int = 0
    """The newest entry of the journal when they were read."""


def fill_project(
    project: Project,
    *,
    inferred: bool = False,
    who: str,
    seed: int = 0,
    progress: Progress,
    executor: Executor = THIS_PROCESS,
) -> Filled:
    """Fills every started instance that has some landmarks and not all, as one undoable step.

    inferred: also places anew what a model has placed in accepted shapes, which stay accepted.
    The method that is least wrong on densely labelled instances, clicked alike, is taken; it is the
    network only where one is trained. executor: who computes; this process alone writes. Stopped,
    nothing is written. Raises TooFewLabels, ActionableError where nothing is sparsely labelled,
    Cancelled, and NotAllowed before anything is computed.
    """
    project.refuse_below(who, Role.LEAD, ActionKind.FILL)
    plan = plan_fill(project, inferred=inferred, seed=seed, progress=progress)
    return fill_as_planned(project, plan, who=who, progress=progress, executor=executor)


def plan_fill(
    project: Project, *, inferred: bool = False, seed: int = 0, progress: Progress
) -> FillPlan:
    """Judges every method and writes nothing. Parameters and errors as of `fill_project`."""
    work = waiting_to_fill(project, inferred)
    if not work.waiting:
        aside = work.inferred > 0 and not inferred
        anew = ", or have those of accepted shapes placed anew (--inferred)" if aside else ""
        raise (OnlyAccepted if aside else ActionableError)(
            "No instance is labelled sparsely, so there is nothing to fill."
            + _left_aside(work, inferred),
            kept="Nothing was changed.",
            remedy=f"Click some landmarks of an instance without accepting it{anew}.",
        )
    dense, grouping, left_out = densely_labelled(project, seed)
    usual = Counter(c.landmarks for c in work.waiting.values()).most_common(1)[0][0]
    boxed = float(np.mean([clicked.boxed for clicked in work.waiting.values()]))

    def apart(kept: KeptModel) -> set[str]:
        return judging(project, kept, labelled_instances(project))

    found, notes = fill_methods(ModelLibrary.of(project), dense, usual, seed, apart)
    notes += [left_out] if left_out else []
    errors: dict[str, dict[int, float]] = {}
    progress.start("judging", len(found))
    for method in found:
        try:
            errors[method.name] = errors_of(
                method, dense, usual, seed, _JUDGED, progress, boxed=boxed
            )
        except ImageError as error:
            errors[method.name] = {}
            notes.append(f"{error.happened} So {method.title} could not be judged.")
        _go_on(progress)
    levels = compared(errors, found[0].name)
    judgements = [
        judgement(method, dense, errors[method.name], levels.get(method.name)) for method in found
    ]
    judgements.sort(key=lambda j: (j.error is None, j.error or 0.0))
    return FillPlan(
        best=min(
            (method for method in found if method.name in levels),
            key=lambda method: levels[method.name],
        ),
        judgements=tuple(judgements),
        count=len(work.waiting),
        landmarks=sum(work.open.values()),
        clicked=usual,
        dense=len(dense.instances),
        again=inferred,
        inferred=0 if inferred else work.inferred,
        without_box=work.without_box,
        notes=(
            *notes,
            f"Clicks are taken to be off by {100 * dense.click_error:.2g} % along each axis.",
        ),
        related=grouping.sentence,
        labelled=dense,
        seed=seed,
    )


def fill_as_planned(
    project: Project,
    plan: FillPlan,
    *,
    who: str,
    progress: Progress,
    executor: Executor = THIS_PROCESS,
) -> Filled:
    """Fills what waits now, which may be another number than when it was planned.

    Stopped, nothing is written. Raises Cancelled.
    """
    work = waiting_to_fill(project, plan.again)
    own = FillWork(
        ModelLibrary.of(project),
        plan.labelled,
        plan.clicked,
        plan.seed,
        plan.best.name,
        plan.best,
    )
    shapes, unreadable = _filled(own, work, progress, executor)
    filled = fill_shapes(project, shapes, who=who, seen=work.seen) if shapes else []
    return Filled(
        count=len(filled),
        landmarks=sum(work.open[i] for i in filled),
        chosen=plan.best.name,
        judgements=plan.judgements,
        clicked=plan.clicked,
        dense=plan.dense,
        inferred=0 if plan.again else work.inferred,
        without_box=work.without_box,
        changed=len(shapes) - len(filled),
        unreadable=tuple(unreadable),
        notes=plan.notes,
        related=plan.related,
    )


def densely_labelled(project: Project, seed: int) -> tuple[Dense, Grouping, str]:
    """What every method learns from, how its images are grouped, and a sentence on what was left
    out, if anything. Raises TooFewLabels."""
    placed = _placed_whole(project)
    whole = _with_images(project, placed)
    if len(whole) < FEWEST_DENSE:
        raise TooFewLabels(
            f"Filling needs at least {FEWEST_DENSE} densely labelled instances with boxes, which "
            f"people or a file have placed whole; there are {len(whole)}.",
            kept="Nothing was changed.",
            remedy="Label a few more instances completely, all landmarks of each.",
        )
    found = related(project, whole)
    gone = len(placed) - len(whole)
    note = (
        f"{counted(gone, 'densely labelled instance')} did not count, for want of the image: "
        "annotator locate finds what was moved."
        if gone
        else ""
    )
    # As the budget has them, so that both say the same of the same clicks.
    error = hand_of(project).error
    return Dense.dealt(found.instances, project.scheme, seed, error), found.grouping, note


def lacking(project: Project) -> str:
    """A sentence where there is too little yet to fill from; else none."""
    whole = len(_placed_whole(project))
    return (
        ""
        if whole >= FEWEST_DENSE
        else "Whoever fills in the other landmarks later needs "
        f"{FEWEST_DENSE} instances with boxes whose landmarks people or a file have all placed; "
        f"there {'is' if whole == 1 else 'are'} {whole}."
    )


def _placed_whole(project: Project) -> list[LabelledInstance]:
    return [i for i in placed_instances(project, once=True) if i.shape.complete]


def _with_images(project: Project, instances: Sequence[LabelledInstance]) -> list[LabelledInstance]:
    """Those whose image is where it was, if they are enough: for the sake of one that was moved no
    method that looks at images could be judged."""
    there = with_images(project, instances)
    return there if len(there) >= FEWEST_DENSE else list(instances)


@read_at_once
def waiting_to_fill(project: Project, inferred: bool) -> Waiting:
    """inferred: also those accepted shapes in which a model has placed some landmarks."""
    images = {image.id: image for image in project.images()}
    own = own_boxes_of(project)
    work = Waiting(seen=project.newest_entry())
    for record, shape in project.shapes(None):
        placed = np.array([mark in PLACED for mark in shape.provenance]) & shape.known
        said = np.array([mark in PLACED for mark in shape.provenance])
        gaps = int((~said).sum())
        if not placed.any() or not gaps:
            continue
        if record.state is InstanceState.ACCEPTED:
            work.inferred += 1
            if not inferred:
                continue
        image = images[record.image_id]
        found = _box_of(record, shape, placed, own, (image.width, image.height))
        if found is None:
            work.without_box += 1
            continue
        points = np.where(placed[:, None], shape.points, np.nan)
        box, boxed = found
        work.images[record.id] = image.sha256
        work.waiting[record.id] = Clicked(points, box, partial(pixels_of, image), boxed)
        work.open[record.id] = gaps
    return work


def _box_of(
    record: InstanceRecord,
    shape: Shape,
    placed: Bools,
    own: OwnBoxes | None,
    size: tuple[int, int],
) -> tuple[Box, bool] | None:
    """And whether it is the object's; None where there is none. What an import has put around a few
    landmarks is not, nor is all of the image where objects have boxes of their own. size: of the
    image."""
    if placed.sum() < FRAME_POINTS:
        if record.box is not None and own is not None and is_whole(record.box, *size):
            return own.typical.box(*size), True
        return None if record.box is None else (record.box, True)
    around = Box.square_around(shape.points[placed])
    if record.box is None or record.box == around:
        return around, False
    brought = [mark is Provenance.IMPORTED for mark in shape.provenance] & placed
    if brought.sum() >= FRAME_POINTS and record.box == Box.square_around(shape.points[brought]):
        return around, False
    return record.box, own is None or not is_whole(record.box, *size)


def _filled(
    own: FillWork, work: Waiting, progress: Progress, executor: Executor
) -> tuple[dict[int, Shape], list[str]]:
    shapes, unreadable = dict[int, Shape](), list[str]()
    progress.start("filling", len(work.waiting))
    tasks = [ToFill(*one) for one in work.waiting.items()]
    for done in executor.results(own, tasks):
        if isinstance(done.shape, str):
            say_once(unreadable, done.shape)
        else:
            shapes[done.instance_id] = done.shape
        _go_on(progress)
    return shapes, unreadable


def _left_aside(work: Waiting, inferred: bool) -> str:
    if work.without_box:
        has = counted(work.without_box, "has", "have")
        return f" {has} a single landmark and no box."
    if work.inferred and not inferred:
        shapes = counted(work.inferred, "accepted shape")
        return f" In {shapes} a model has placed some landmarks."
    return ""


def _go_on(progress: Progress) -> None:
    refuse_cancelled(progress)
    progress.advance()
