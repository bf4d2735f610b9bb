"""Are wrong labels found? Of label sets with one shape in twenty spoiled by a seeded program, the
share that is in the first tenth of the list that a reviewer is given.

Faces are judged with a network that has seen no photograph (`heads68`), the other sets without any
network, as a project without a trained one has it. Several draws, each with a seed of its own.

`fly32` comes with mistakes of its own (`_OWN_MISTAKES`), which are found too and leave less room
for others. So it has the share that is in the first tenth of the list without them, too
(`beside_own_mistakes`), and how many percent of those in the first tenth that nobody has spoiled
are such mistakes (`alarms_right`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.audit_groups import SETS, AuditSet
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import CampaignSet, set_named
from landmark_annotator.annotator.protocols.datasets.spoiled import KINDS, Spoiling, spoiled
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import stop_if_asked
from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.backends.audit.label_audit import Suspicion, audited
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_FACES = 200
_DRAWS = 10
_FIRST = 0.1
_OTHER_SETS = ("ceph19", "fly32")
_VIDEOS = ("mirror-mouse17", "openfield4")
_OWN_MISTAKES = {
    "fly32": "002 003 017 018 019 020 023 024 026 028 032 051 052 061 064 070 072 075 076 078 080 "
    "081 095 098"
}
"""Images in which the tip of a leg is labelled on dust or in the dark, or a leg on another one: as
somebody saw them who looked at all of them, brightened."""
_UNSEEING = "heads68"
"""Weights that have learned from no photograph."""


def spoiled_figures(options: Options, progress: Progress) -> Figures:
    """`audit/spoiled_found` on the faces, by kind, and how often the landmark is named; the same
    under the name of each other set. Percent."""
    figures = _of_faces(options, progress)
    sets: list[CampaignSet | AuditSet] = [set_named(name) for name in _OTHER_SETS]
    for chosen in [*sets, *(each for each in SETS if each.name in _VIDEOS)]:
        scheme = chosen.scheme()
        instances = chosen.read(scheme)[: options.images]
        nothing = [None] * len(instances)
        own = _own_mistakes(chosen.name, instances)
        found = _found(instances, nothing, scheme, options, progress, own)
        figures |= {f"audit/{chosen.name}/{key}": value for key, value in found.items()}
    return figures


def _of_faces(options: Options, progress: Progress) -> Figures:
    backend, scheme = backend_named("heatmap"), Scheme.named("face68")
    folder = backend.weights(_UNSEEING)
    assert folder is not None  # It comes with the program.
    model = backend.load(folder, scheme)
    everything = faces300w.faces(faces300w.TRAINING)
    order = np.random.default_rng(options.seed).permutation(len(everything))
    faces = [everything[i] for i in order[: options.images or _FACES].tolist()]
    progress.start("predicting", len(faces))
    predicted: list[Floats | None] = []
    for face in faces:
        stop_if_asked(progress)
        predicted.append(model.propose(face.read_pixels(), face.box).given([]).points)
        progress.advance()
    found = _found(faces, predicted, scheme, options, progress)
    return {f"audit/{key}": value for key, value in found.items()}


def _found(
    instances: Sequence[LabelledInstance],
    predicted: Sequence[Floats | None],
    scheme: Scheme,
    options: Options,
    progress: Progress,
    own_mistakes: frozenset[int] = frozenset(),
) -> Figures:
    kept = [replace(each, read_pixels=_once(each.read_pixels)) for each in instances]
    hits: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    named: list[bool] = []
    kinds: list[bool] = []
    beside: list[bool] = []
    alarms: list[bool] = []
    for draw in range(_DRAWS):
        labels, wrong = spoiled(kept, scheme, options.seed + draw)
        groups = [each.key for each in labels]
        pointing = pointing_scheme(scheme, [each.shape for each in labels])
        seen = audited(labels, predicted, groups, pointing, progress, options.seed)
        order = np.argsort([-each.score for each in seen], kind="stable").tolist()
        own = own_mistakes - {one.index for one in wrong}
        first, first_beside = _first(order), _first([i for i in order if i not in own])
        alarms += [i in own for i in first - {one.index for one in wrong}]
        for one in wrong:
            hits[one.kind].append(one.index in first)
            beside.append(one.index in first_beside)
            kinds.append(seen[one.index].kind == one.kind)
            if one.landmarks:
                named.append(_names(seen[one.index], one))
    every = [hit for kind in KINDS for hit in hits[kind]]
    figures: Figures = {"spoiled": len(every), "spoiled_found": _percent(every)}
    figures |= {f"spoiled_found/{kind}": _percent(hits[kind]) for kind in KINDS}
    figures |= {"landmark_named": _percent(named), "kind_named": _percent(kinds)}
    if own_mistakes:
        figures |= {"own_mistakes": len(own_mistakes), "alarms_right": _percent(alarms)}
        figures |= {"beside_own_mistakes": _percent(beside)}
    return figures


def _first(order: Sequence[int]) -> set[int]:
    return set(order[: round(_FIRST * len(order))])


def _own_mistakes(name: str, instances: Sequence[LabelledInstance]) -> frozenset[int]:
    """Which instances have a number at the end of their image's name that is among them."""
    numbers = set(_OWN_MISTAKES.get(name, "").split())
    ends = [Path(each.key.partition("#")[0]).stem.rpartition("_")[2] for each in instances]
    return frozenset(n for n, end in enumerate(ends) if end in numbers)


def _names(seen: Suspicion, wrong: Spoiling) -> bool:
    return bool(set(seen.landmarks) & set(wrong.landmarks))


def _percent(hits: Sequence[bool]) -> float:
    return float(rounded(100 * float(np.mean(hits))))


def _once(read: Callable[[], Pixels]) -> Callable[[], Pixels]:
    """Every draw looks at the same photographs."""
    return cache(read)
