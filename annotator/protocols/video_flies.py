"""Two flies from no label on: a few frames labelled, the rest proposed, smoothed and corrected,
one fly after the other, while a network learns from what is right so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from landmark_annotator.annotator.protocols.datasets.clips import (
    ReferenceClip,
    fly_clips,
    fly_images,
)
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.video_flies_following import Followed, followed
from landmark_annotator.annotator.protocols.video_flies_models import FlyModels
from landmark_annotator.annotator.session.models.labelled_images import object_box
from landmark_annotator.annotator.session.models.training_schedule import FEWEST_TO_TRAIN
from landmark_annotator.annotator.session.simulation.hand import aimed, jittered
from landmark_annotator.annotator.session.simulation.simulated_clip import (
    Belief,
    Clicks,
    InTime,
    Learning,
    Stills,
    Wanted,
    clicks_needed,
)
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.backends.tracking import Clip, HeldOut, time_trust
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Progress, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.provenance import Provenance

_FRAMES = 1000
_NEAR = 0.1
"""Of the body's length."""
_LABELLED = 3
"""Frames that are labelled before the others are proposed for, spread evenly; where networks are
trained, as many as the first one learns from."""
_MOST_A_FRAME = 6
_AROUND = 12
"""Frames beside a labelled one that are proposed for by what has not learned from it."""
_NETWORK = "network"
_SURER = "/surer_half"
"""Compared with the reference where it is surer of a landmark than it usually is: the others are
often where it is wrong itself, and clicks would copy its errors."""


@dataclass
class _Job:
    """One fly. labels: evidence of the frames that were labelled, by frame; instances: the same as
    what is learned from; clicks: what these cost. accepted: what is learned from besides, frames
    that clicks have made right."""

    clip: ReferenceClip
    labels: dict[int, list[Evidence]]
    instances: list[LabelledInstance]
    clicks: int = 0
    accepted: list[LabelledInstance] = field(default_factory=list)
    followed: Followed = field(default_factory=lambda: Followed([], [], []))

    @property
    def by_frame(self) -> dict[int, LabelledInstance]:
        return dict(zip(sorted(self.labels), self.instances, strict=True))


def flies(options: Options, progress: Progress) -> Figures:
    """--set frames=N: so many of them. --set labelled=N: those that are labelled first. --set
    network=true: a network learns from these where they are enough, and then again and again from
    frames that clicks have made right besides, one after the other, until --set trainings=N of them
    have; without that, registration alone proposes. --variants names those of the other ways to be
    measured beside it, all where none is named."""
    count = min(int(options.training.get("frames", options.images or _FRAMES)), _FRAMES)
    jobs = [_Job(clip, {}, []) for clip in fly_clips(count)]
    networks = bool(options.training.get(_NETWORK))
    most = int(options.training.get("trainings", _FRAMES)) if networks else 0
    models = FlyModels(jobs[0].clip.scheme, options, progress, most)
    usual = -(-FEWEST_TO_TRAIN // len(jobs)) if networks else _LABELLED
    chosen = int(options.training.get("labelled", usual))
    for frame in np.linspace(0, count - 1, chosen).astype(int).tolist():
        _label(jobs, frame, models, options)
    model = models.after(_known(jobs))
    wanted = Wanted(lambda errors: errors <= _NEAR)
    ways: dict[str, list[int]] = {}
    near: dict[str, list[float]] = {}
    drawn = [{frame: each.box for frame, each in job.by_frame.items()} for job in jobs]
    for job, found in zip(jobs, followed(fly_images(count), drawn, model, progress), strict=True):
        job.followed = found
    held_out = _held_out(jobs, models)
    trust = time_trust(held_out)
    for job in jobs:
        size = job.clip.points.shape[1]
        proposals, flows = job.followed.proposals, job.followed.flows
        whole = Clip(size, proposals, flows, job.labels, trust=trust)
        nothing = Clip(size, [None] * count, flows, job.labels)
        beliefs: dict[str, Callable[[], Belief]] = {
            "": partial(_learning, job, jobs, whole, models),
            "/query": partial(InTime, whole),
            "/without_time": partial(Stills, proposals),
            "/lowpass": partial(Stills, proposals, filtered=True),
            "/flow": partial(InTime, nothing),
            _SURER: partial(InTime, whole),
        }
        if networks:
            beliefs["/first_network"] = partial(InTime, whole)
        asked = [n for n in beliefs if not (n and options.variants) or n[1:] in options.variants]
        progress.start("clicks", len(asked))
        for name in asked:
            belief = beliefs[name]()
            begun = {} if isinstance(belief, InTime) else job.labels
            clicks, _ = clicks_needed(
                belief,
                job.clip.surer_half if name == _SURER else job.clip.points,
                job.clip.lengths,
                wanted,
                most=_MOST_A_FRAME * count,
                seed=options.seed,
                by_query=name == "/query",
                whole_frames=None if name else models.learns,
                begun=begun,
            )
            ways.setdefault(name, []).append(clicks + job.clicks)
            step(progress)
        for name, belief in {"time": InTime(whole), "without_time": Stills(proposals)}.items():
            points = belief.points({})
            near.setdefault(f"{name}/near", []).append(_near(points, job.clip.points, job.clip))
            surer = _near(points, job.clip.surer_half, job.clip)
            near.setdefault(f"{name}/near{_SURER}", []).append(surer)
    figures: Figures = {
        "video/flies13/frames": count,
        "video/flies13/first_labels": sum(job.clicks for job in jobs),
        "video/flies13/held_out": len(held_out),
        "video/flies13/trainings": models.trainings,
        "video/flies13/training_minutes": rounded(models.minutes),
    }
    for name, each in ways.items():
        figures[f"video/flies13/clicks_per_1000{name}"] = rounded(1000 * sum(each) / count)
    for name, shares in near.items():
        figures[f"video/flies13/{name}"] = rounded(100 * float(np.mean(shares)))
    return figures


def _near(points: Floats, reference: Floats, clip: ReferenceClip) -> float:
    """The share of the reference's landmarks that are near it."""
    errors = np.linalg.norm(points - reference, axis=2) / clip.lengths[:, None]
    return float((errors <= _NEAR)[np.isfinite(errors)].mean())


def _key(frame: int, number: int) -> str:
    """number: of the fly."""
    return f"{frame}/{number}"


def _frame(key: str) -> int:
    return int(key.split("/")[0])


def _known(jobs: Sequence[_Job]) -> list[LabelledInstance]:
    return [each for job in jobs for each in (*job.instances, *job.accepted)]


def _learning(job: _Job, jobs: Sequence[_Job], clip: Clip, models: FlyModels) -> InTime:
    """All frames of one fly together. Whenever clicks have made so many frames right that a network
    is to learn from them, it does, and proposes anew in the boxes that the frames have."""

    def learned(clicks: Clicks, points: Floats) -> Clip | None:
        errors = np.linalg.norm(points - job.clip.points, axis=2) / job.clip.lengths[:, None]
        right = ((errors <= _NEAR) | ~np.isfinite(errors)).all(axis=1)
        frames = [t for t in sorted(clicks) if right[t] and t not in job.labels]
        others = sum(len(each.accepted) for each in jobs if each is not job)
        if not models.due(sum(len(each.instances) for each in jobs) + others + len(frames)):
            return None
        job.accepted = [_accepted(job, jobs, t, points[t]) for t in frames]
        return anew()

    def anew() -> Clip:
        model = models.after(_known(jobs))
        pictures = zip(job.clip.read, job.followed.boxes, strict=True)
        proposals = [model.propose(read(), box) for read, box in pictures]
        return replace(clip, proposals=proposals, trust=time_trust(_held_out(jobs, models)))

    if not models.most:
        return InTime(clip)
    taught_by_others = models.learned_from > sum(len(each.instances) for each in jobs)
    return Learning(anew() if taught_by_others else clip, learned)


def _accepted(job: _Job, jobs: Sequence[_Job], frame: int, points: Floats) -> LabelledInstance:
    """A frame as it stands after clicks; what the reference leaves out is left out."""
    number = next(n for n, each in enumerate(jobs) if each is job)
    known = np.isfinite(job.clip.points[frame])
    read = job.clip.read[frame]
    box = _box(points, job.clip, read())
    return LabelledInstance(_key(frame, number), box, Shape(np.where(known, points, np.nan)), read)


def _held_out(jobs: Sequence[_Job], models: FlyModels) -> list[HeldOut]:
    """What says how far time may be believed: labels, and all around, that nothing has learned."""
    known = _known(jobs)
    labelled = {each.key: each for each in known}
    stretches = []
    for frame in sorted({_frame(key) for key in labelled}):
        around = range(max(frame - _AROUND, 0), min(frame + _AROUND + 1, len(jobs[0].clip.read)))
        near = around if models.trainings else [frame]
        for number, job in enumerate(jobs):
            label = labelled.get(_key(frame, number))
            # Of this fly: the other one is outside of its box.
            left_out = [key for t in near if (key := _key(t, number)) in labelled]
            model = None if label is None else models.without(left_out, known)
            if label is None or model is None:
                continue
            boxes, flows = job.followed.boxes, job.followed.flows
            anew = [model.propose(job.clip.read[t](), boxes[t]) for t in around]
            clip = Clip(job.clip.points.shape[1], anew, flows[around[0] : around[-1]])
            stretches.append(HeldOut(clip, frame - around[0], label.shape.points))
    return stretches


def _label(jobs: Sequence[_Job], frame: int, models: FlyModels, options: Options) -> None:
    """Both flies of one frame, in boxes that hands draw: the first by hand, and each further one
    from what registration to those before proposes, the worst landmark first, until all are near.
    """
    known = _known(jobs)
    model = models.registration(known) if known else None
    for number, job in enumerate(jobs):
        truth = job.clip.points[frame]
        pixels = job.clip.read[frame]()
        drawn = _box(truth, job.clip, pixels)
        seed = 2 * frame + number
        box = jittered(drawn, options.jitter, options.seed, seed)
        noise = np.random.default_rng((options.seed, seed, 3)).normal(size=truth.shape)
        targets = aimed(truth, noise, job.clip.lengths[frame])
        clicked: list[Evidence] = []
        deviation = CLICK_DEVIATION * box.side
        proposal = None
        if model is not None:
            proposal = model.propose(pixels, box)
        points = np.full(truth.shape, np.nan) if proposal is None else proposal.given([]).points
        while True:
            errors = np.linalg.norm(points - truth, axis=1) / job.clip.lengths[frame]
            open_ones = np.isfinite(truth[:, 0])
            open_ones[[piece.landmark for piece in clicked]] = False
            wrong = open_ones & ~(errors <= _NEAR)
            if not wrong.any():
                break
            landmark = int(np.argmax(np.where(wrong, np.nan_to_num(errors, nan=np.inf), -1.0)))
            clicked.append(Evidence.click(landmark, targets[landmark], deviation))
            points[landmark] = targets[landmark]
            if proposal is not None:
                points = proposal.given(clicked).points
        job.clicks += len(clicked)
        marks = [
            Provenance.CLICKED if any(p.landmark == j for p in clicked) else Provenance.INFERRED
            for j in range(len(points))
        ]
        shape = Shape(points, None, marks)
        job.labels[frame] = [
            *clicked,
            *(
                Evidence.click(j, points[j], _NEAR / 2 * job.clip.lengths[frame])
                for j in np.flatnonzero(np.isfinite(points[:, 0])).tolist()
                if marks[j] is Provenance.INFERRED
            ),
        ]
        read = job.clip.read[frame]
        job.instances.append(LabelledInstance(_key(frame, number), drawn, shape, read))


def _box(points: Floats, clip: ReferenceClip, pixels: Pixels) -> Box:
    drawn = Box.square_around(points)
    return object_box(LabelledInstance("", drawn, Shape(points), lambda: pixels), clip.scheme)
