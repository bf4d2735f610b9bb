"""Does the error that a training reports hold on groups that it has never seen?

Each set is grouped as the product groups a project; a third of the groups, drawn by the seed, is
set aside. A small network learns the rest and reports its held-out error, and is then measured on
the groups that were set aside, in boxes that are off by as much. The ratio of the two is 1 where
the report holds, and below where it promises too much. Of one split it would mostly tell which few
groups were held out, of several still: groups and networks differ by far more than reports lie. So
all groups are set aside equally often, each instance is compared with itself where it was held out
and where it was set aside, and each network with itself on what it held out and on what was set
aside (`_log_ratio`); with the interval that the splits leave (`ratio_low`, `ratio_high`). How far a
single report may be off the training says beside it, and `range_holds` is the percentage of the
splits in which the error on all unseen groups lies in there; `held_out_error` and `unseen_error`
are the means of what is reported and found, whoever was drawn.

Each network is also shown objects of the other sets: in how many percent of their boxes it says
that it has never seen the like (`unfamiliar_elsewhere`), which is right, and in how many of those
of the groups that were set aside (`unfamiliar_unseen`), which is a false alarm.
"""

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
from scipy.special import stdtrit

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named
from landmark_annotator.annotator.protocols.datasets.labelled_frames import FIELD, MOUSE
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import stop_if_asked
from landmark_annotator.backends.learning.held_out import error_of_each, jittered
from landmark_annotator.backends.learning.model_cards import bounds
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.groups import grouped
from landmark_annotator.projects.groups.likeness import small_picture
from landmark_annotator.projects.store import GroupRule, ImageRecord
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

_UNSEEN = 3
"""One group in so many is set aside."""
_SPLITS = 6
"""A multiple of it."""
_MANY_SPLITS = 72
"""Of a set whose networks hold two groups out: six splits would compare a handful of them."""
_BOXES = 2
_ROUNDS, _TINY = 500, 1e-12
_VIEWS = 5
_ELSEWHERE = 10
"""Objects of each other set."""
_SETTINGS = {"size": 64, "epochs": 24}
"""Small networks: what counts is whether their report holds, not how good they are."""


@dataclass(frozen=True)
class AuditSet:
    name: str
    scheme: Callable[[], Scheme]
    read: Callable[[Scheme], list[LabelledInstance]]
    splits: int = _SPLITS


def ratio_figures(options: Options, progress: Progress) -> Figures:
    figures: Figures = {}
    asked = options.sets_among([one.name for one in SETS])
    for one in SETS:
        if one.name in asked:
            figures |= _measured(one, options, progress)
    return figures


def _measured(one: AuditSet, options: Options, progress: Progress) -> Figures:
    scheme = one.scheme()
    instances = [replace(e, read_pixels=cache(e.read_pixels)) for e in one.read(scheme)]
    instances = _with_groups(instances)
    others = _elsewhere(one, options.seed)
    draws = range(one.splits)
    splits = [_split(instances, others, scheme, options, draw, progress) for draw in draws]
    ratio, low, high = _ratio(splits)
    name = f"audit/{one.name}"
    return {
        f"audit/ratio/{one.name}": rounded(ratio),
        f"{name}/ratio_low": rounded(low),
        f"{name}/ratio_high": rounded(high),
        f"{name}/splits": len(splits),
        f"{name}/held_out_error": rounded(float(np.mean([s.reported for s in splits]))),
        f"{name}/unseen_error": rounded(float(np.mean([s.found for s in splits]))),
        f"{name}/range_holds": rounded(100 * float(np.mean([s.holds for s in splits]))),
        f"{name}/instances": len(instances),
        f"{name}/groups": len({each.split_key for each in instances}),
        f"{name}/groups_held_out": rounded(float(np.mean([s.groups for s in splits]))),
        f"{name}/unfamiliar_unseen": rounded(100 * float(np.mean([s.alarms for s in splits]))),
        f"{name}/unfamiliar_elsewhere": rounded(100 * float(np.mean([s.caught for s in splits]))),
    }


@dataclass(frozen=True)
class _Split:
    """held_out: what the training reported of each instance that it held out, by its key, all in
    all `reported`, of `groups` groups; unseen: what was found of each that was set aside, all in
    all `found`; holds: whether that lies where the training said. alarms: the share of unseen
    groups that are unfamiliar to the network, and caught: of objects of another kind."""

    held_out: Mapping[str, float]
    unseen: Mapping[str, float]
    reported: float
    found: float
    groups: int
    holds: bool
    alarms: float
    caught: float


def _ratio(splits: Sequence[_Split]) -> tuple[float, float, float]:
    """Of what was reported to what was found, see `_log_ratio`, and between what it lies with 95 %
    confidence: the jackknife of a ratio (Cochran, "Sampling Techniques", section 6.17) over the
    splits, on the logarithm."""
    count = len(splits)
    ratio = _log_ratio(splits)
    without = np.array([_log_ratio([*splits[:n], *splits[n + 1 :]]) for n in range(count)])
    error = math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    wide = float(stdtrit(count - 1, 0.975)) * error
    return math.exp(ratio), math.exp(ratio - wide), math.exp(ratio + wide)


def _log_ratio(splits: Sequence[_Split]) -> float:
    """Of the model by which an error is that of the instance times that of the network, times the
    ratio where it was reported: fitted so that the sums over each instance, over each network and
    over all that was reported are those that were found (Poisson pseudo-likelihood, by iterative
    proportional fitting)."""
    keys = sorted({key for split in splits for key in (*split.held_out, *split.unseen)})
    errors, reported = np.zeros((len(keys), len(splits))), np.zeros((len(keys), len(splits)))
    there = np.zeros_like(errors)
    for column, split in enumerate(splits):
        for part, held_out in ((split.unseen, 0.0), (split.held_out, 1.0)):
            rows = [keys.index(key) for key in part]
            errors[rows, column], there[rows, column] = list(part.values()), 1.0
            reported[rows, column] = held_out
    ratio, fitted = 1.0, there.copy()
    for _ in range(_ROUNDS):
        for axis in (0, 1):
            fitted *= (errors.sum(axis) / np.maximum(fitted.sum(axis), _TINY)).reshape(
                (1, -1) if axis == 0 else (-1, 1)
            )
        step = float((errors * reported).sum() / (fitted * reported).sum())
        fitted *= np.where(reported > 0, step, 1.0)
        ratio *= step
    return math.log(ratio)


def _split(
    instances: Sequence[LabelledInstance],
    others: Sequence[LabelledInstance],
    scheme: Scheme,
    options: Options,
    draw: int,
    progress: Progress,
) -> _Split:
    """draw: in each `_UNSEEN` of them, counted from 0, every group is set aside once."""
    seed, (deal, part) = options.seed + draw, divmod(draw, _UNSEEN)
    groups = sorted({each.split_key for each in instances})
    order = np.random.default_rng((options.seed, deal)).permutation(len(groups))
    aside = {groups[i] for i in order[part::_UNSEEN]}
    known = [each for each in instances if each.split_key not in aside]
    unseen = [each for each in instances if each.split_key in aside]
    backend = backend_named("heatmap")
    settings = {"seed": seed, **_SETTINGS, **backend.from_nothing, **options.training}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        card = backend.train(known, scheme, folder, settings, progress)
        model = backend.load(folder, scheme)
        shown = _shown(model, unseen, seed, progress)
        strange = _shown(model, others, seed, progress)
    errors = error_of_each(
        [proposal.mixture.mean for _, proposal in shown],
        [proposal.box.to_frame(each.shape.points) for each, proposal in shown],
        scheme,
    )
    found, figures = float(errors.mean()), card["figures"]
    low, high = (figures.get(bound, math.nan) for bound in bounds("held_out_error"))
    alarms, caught = (
        float(np.mean([proposal.unfamiliar for _, proposal in part])) for part in (shown, strange)
    )
    return _Split(
        held_out=dict(zip(card["held_out_keys"], card["held_out_errors"], strict=True)),
        unseen=dict(zip([e.key for e in unseen], errors.reshape(-1, _BOXES).mean(1), strict=True)),
        reported=float(figures["held_out_error"]),
        found=found,
        groups=int(card["groups"]["held_out"]),
        holds=low <= found <= high,
        alarms=alarms,
        caught=caught,
    )


def _shown(
    model: TrainedModel, instances: Sequence[LabelledInstance], seed: int, progress: Progress
) -> list[tuple[LabelledInstance, Proposal]]:
    """What is proposed for each, in boxes as a person might draw them."""
    random = np.random.default_rng((seed, 1))
    found = []
    progress.start("unseen groups", len(instances))
    for each in instances:
        stop_if_asked(progress)
        pixels = each.read_pixels()
        found += [(each, model.propose(pixels, jittered(each.box, random))) for _ in range(_BOXES)]
        progress.advance()
    return found


def _elsewhere(one: AuditSet, seed: int) -> list[LabelledInstance]:
    """A few objects of each of the other sets."""
    found = []
    for other in SETS:
        if other.name != one.name:
            instances = other.read(other.scheme())
            order = np.random.default_rng(seed).permutation(len(instances))[:_ELSEWHERE]
            found += [
                replace(instances[i], read_pixels=cache(instances[i].read_pixels))
                for i in order.tolist()
            ]
    return found


def _with_groups(instances: Sequence[LabelledInstance]) -> list[LabelledInstance]:
    """As a project finds them by itself. Keys: the paths of the images."""
    records = [
        ImageRecord(n, Path(each.key), each.key, 1, 1, n) for n, each in enumerate(instances)
    ]
    small = {n: small_picture(each.read_pixels()) for n, each in enumerate(instances)}
    leaders = grouped(records, GroupRule(), lambda _: small).leaders
    return [replace(each, group=instances[leaders[n]].key) for n, each in enumerate(instances)]


def _views(scheme: Scheme) -> list[LabelledInstance]:
    """Five photographs each of forty people, as far as turning, light and sharpness make them."""
    faces = faces300w.faces(("faces68/lfpw-test",))[: 40 * 5 : 5]
    found = []
    for number, face in enumerate(faces):
        for view in range(_VIEWS):
            random = np.random.default_rng((number, view))
            turn, light = float(random.normal(0, 8)), float(np.exp(random.normal(0, 0.25)))
            centre = (face.box.centre_x, face.box.centre_y)
            matrix = cv2.getRotationMatrix2D(centre, turn, 1.0)
            shape = Shape(face.shape.points @ matrix[:, :2].T + matrix[:, 2])
            read = partial(_turned, face, matrix, light, float(random.uniform(0.1, 1.2)))
            key = f"person_{number:02}_{view}.png"
            box = Box.square_around(shape.points)
            found.append(LabelledInstance(key, box, shape, read))
    return found


def _turned(face: LabelledInstance, matrix: np.ndarray, light: float, blur: float) -> Pixels:
    pixels = face.read_pixels()
    size = (pixels.shape[1], pixels.shape[0])
    turned = cv2.warpAffine(pixels, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(turned, (0, 0), blur).astype(np.float64)
    return np.asarray(np.clip(soft * light, 0, 255), dtype=np.uint8)


_SKULLS = set_named("ceph19")

SETS = (
    AuditSet("imm-like", lambda: replace(Scheme.named("face68"), name="views68"), _views),
    AuditSet("ceph19", _SKULLS.scheme, _SKULLS.read),
    AuditSet("mirror-mouse17", MOUSE.scheme, MOUSE.read),
    AuditSet("openfield4", FIELD.scheme, FIELD.read, _MANY_SPLITS),
)
