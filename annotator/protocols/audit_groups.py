"""Does the error that a training reports hold on groups that it has never seen?

Each set is grouped as the product groups a project; a third of the groups, drawn by the seed, is
set aside. A small network learns the rest and reports its held-out error, and is then measured on
the groups that were set aside, in boxes that are off by as much. The ratio of the two is 1 where
the report holds, and below where it promises too much. How far it may be off by the chance of which
few groups were held out, the training says beside it: `held_out_low` and `held_out_high`.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import instances_of, set_named
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.backends.learning.held_out import jittered, mean_error
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.projects.exchange.codecs import deeplabcut
from landmark_annotator.projects.groups import grouped
from landmark_annotator.projects.groups.likeness import small_picture
from landmark_annotator.projects.store import GroupRule, ImageRecord
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import Cancelled

_UNSEEN = 3
"""One group in so many is set aside."""
_BOXES = 2
_VIEWS = 5
_SETTINGS = {"size": 64, "epochs": 24}
"""Small networks: what counts is whether their report holds, not how good they are."""


@dataclass(frozen=True)
class AuditSet:
    name: str
    scheme: Callable[[], Scheme]
    read: Callable[[Scheme], list[LabelledInstance]]


def ratio_figures(options: Options, progress: Progress) -> Figures:
    figures: Figures = {}
    for one in SETS:
        if options.sets and one.name not in options.sets:
            continue
        figures |= _measured(one, options, progress)
    return figures


def _measured(one: AuditSet, options: Options, progress: Progress) -> Figures:
    scheme = one.scheme()
    instances = _with_groups(one.read(scheme))
    groups = sorted({each.split_key for each in instances})
    random = np.random.default_rng(options.seed)
    aside = {groups[i] for i in random.permutation(len(groups))[: len(groups) // _UNSEEN]}
    known = [each for each in instances if each.split_key not in aside]
    unseen = [each for each in instances if each.split_key in aside]
    backend = backend_named("heatmap")
    settings = {"seed": options.seed, **_SETTINGS, **backend.from_nothing, **options.training}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        card = backend.train(known, scheme, folder, settings, progress)
        model = backend.load(folder, scheme)
        reported = float(card["figures"]["held_out_error"])
        found = _error(model, unseen, scheme, options, progress)
    name = f"audit/{one.name}"
    low, high = card["held_out_range"]
    return {
        f"audit/ratio/{one.name}": rounded(reported / found),
        f"{name}/held_out_error": rounded(reported),
        f"{name}/held_out_low": rounded(low),
        f"{name}/held_out_high": rounded(high),
        f"{name}/unseen_error": rounded(found),
        f"{name}/instances": len(instances),
        f"{name}/groups": len(groups),
        f"{name}/groups_held_out": int(card["groups"]["held_out"]),
    }


def _error(
    model: TrainedModel,
    unseen: Sequence[LabelledInstance],
    scheme: Scheme,
    options: Options,
    progress: Progress,
) -> float:
    """NME in percent, in the frames of the fitted boxes, as a training reports it."""
    random = np.random.default_rng((options.seed, 1))
    shapes, truths = [], []
    progress.start("unseen groups", len(unseen))
    for each in unseen:
        if progress.cancelled():
            raise Cancelled("The evaluation was stopped.", kept="Nothing was written.")
        pixels = each.read_pixels()
        for _ in range(_BOXES):
            proposal = model.propose(pixels, jittered(each.box, random))
            shapes.append(proposal.mixture.mean)
            truths.append(proposal.box.to_frame(each.shape.points))
        progress.advance()
    return mean_error(shapes, truths, scheme)


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


def _frames(table: str, scheme: Scheme) -> list[LabelledInstance]:
    """Those with most landmarks in them."""
    contents = deeplabcut.read(faces300w.data_folder() / "video" / table, scheme)
    enough = [e for e in contents.instances if e.shape.known.mean() > 0.5]
    return instances_of(replace(contents, instances=enough))


def _header(table: str, name: str) -> Scheme:
    rows = (faces300w.data_folder() / "video" / table).read_text().splitlines()
    parts = next(row for row in rows if row.startswith("bodyparts")).split(",")
    named = tuple(dict.fromkeys(part for part in parts if part not in ("bodyparts", "")))
    return Scheme(name, named)


_MOUSE = "mirror-mouse17/CollectedData.csv"
_FIELD = "openfield4/labeled-data/m4s1/CollectedData_Pranav.csv"
_SKULLS = set_named("ceph19")

SETS = (
    AuditSet("imm-like", lambda: replace(Scheme.named("face68"), name="views68"), _views),
    AuditSet("ceph19", _SKULLS.scheme, _SKULLS.read),
    AuditSet("mirror-mouse17", lambda: _header(_MOUSE, "mouse17"), partial(_frames, _MOUSE)),
    AuditSet("openfield4", lambda: _header(_FIELD, "field4"), partial(_frames, _FIELD)),
)
