"""Parts of heads as masks: the `parsing` protocol.

WORK/heads holds what `python -m landmark_annotator.projects.rendering heads WORK/heads` has made; a
network learns from these and meets the heads that come with the program, which are of other
persons, in boxes as a person draws them. Photographs have no masks: there, what lies within the
contours of their landmarks is compared with the mask that the network finds without them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import cv2
import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.head_masks import (
    PARTS,
    REGIONS,
    Labels,
    MaskedHead,
    embedded_heads,
    merged,
    parsing_scheme,
    rendered_for_training,
)
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.parsing_together import (
    MOST_TOGETHER,
    landmark_figures,
    region_figures,
)
from landmark_annotator.annotator.session.labelling.region_clicks import (
    Question,
    answered,
    standing,
)
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.regions import (
    RegionCounts,
    boundary_f1,
    largest_error,
    mask_overlap,
)
from landmark_annotator.backends.parsers import PARSING, load_parser, train_parser
from landmark_annotator.backends.region_masks import label_map
from landmark_annotator.backends.registry import (
    DEFAULT_BACKEND,
    Segmenting,
    TrainedModel,
    backend_named,
)
from landmark_annotator.projects.vocabulary import Box, Mask, Progress, RegionClick, Scheme
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

ENOUGH, MOST_CLICKS = 0.9, 20
"""Overlap at which a mask of hair is accepted; who needs more clicks is counted with so many."""
_STRANDS = 0.03
"""Sides of the box: what is finer is no person's drawing, see `drawn`."""
_LEAST_HAIR = 0.01
"""Share of the picture."""
BORDER_TOLERANCE = 0.01
"""Of a border, in sides of the box."""
_CONTOURS: Mapping[str, tuple[Sequence[range], Sequence[range]]] = {
    "eyes": ((range(36, 42), range(42, 48)), ()),
    "lips": ((range(48, 60),), (range(60, 68),)),
}
"""Landmarks around a part, and around what inside is not of it."""
_PARTS = tuple(PARTS)
NOWHERE = np.full((68, 2), np.nan)
_TIMES = 20


def run(options: Options, progress: Progress) -> Figures:
    one_core()
    model, folder = _model(options, progress)
    proposes = _proposes_landmarks()
    heads = [head for head in embedded_heads() if head.frame is None][: options.images]
    film = [head for head in embedded_heads() if head.frame is not None]
    figures: Figures = {"parsing/heads": len(heads), "parsing/parameters": _parameters(folder)}
    figures |= _overlaps(model, proposes, heads, options, progress)
    figures |= _clicks(model, heads, options, progress)
    figures |= _together(model, proposes, heads, options, progress)
    figures |= _film(model, film[: options.images], progress)
    figures |= _photographs(model, proposes, options, progress)
    return figures | _speed(model, folder, heads)


def _model(options: Options, progress: Progress) -> tuple[Segmenting, Path]:
    """As it comes with the program, or trained for the protocol."""
    scheme = parsing_scheme()
    if options.shipped:
        shipped = PARSING.shipped(scheme)
        if shipped is None:
            raise ActionableError("No weights of the parsing network come with the program.")
        return load_parser(shipped, scheme), shipped
    if options.work is None:
        raise ActionableError(
            "The protocol needs rendered heads, and no work folder was named.",
            remedy="Give --work FOLDER, with the heads in FOLDER/heads, or --shipped.",
        )
    folder = Path(options.work) / f"parsing-seed{options.seed}"
    settings = {"seed": options.seed, **PARSING.from_nothing, **options.training}
    if not has_card(folder):
        heads = rendered_for_training(Path(options.work) / "heads")
        train_parser()([head.masked() for head in heads], scheme, folder, settings, progress)
    check_training(folder, settings)
    return load_parser(folder, scheme), folder


def _proposes_landmarks() -> TrainedModel:
    """The face network that comes with the program."""
    backend, scheme = backend_named(DEFAULT_BACKEND), Scheme.named("face68")
    weights = backend.shipped(scheme)
    if weights is None:
        raise ActionableError("No weights of the face network come with the program.")
    return backend.load(weights, scheme)


def found_labels(
    model: Segmenting,
    head: MaskedHead,
    box: Box,
    landmarks: Floats = NOWHERE,
    previous: Labels | None = None,
    covariances: Floats | None = None,
) -> Labels:
    """(height, width) in the order of REGIONS. previous: such labels. covariances: (68, 2, 2) of
    the landmarks, None where they are exact."""
    height, width = head.labels.shape
    pixels = head.instance.read_pixels()
    masks: dict[str, Mask] = {}
    if previous is not None:
        masks = {name: Mask.of(previous == REGIONS.index(name) + 1) for name in model.regions()}
    found = model.segment(pixels, box, landmarks, masks, (), covariances)
    labels = label_map(found, (0, 0, width, height))
    order = [0, *(REGIONS.index(name) + 1 for name in found.regions)]
    return np.asarray(np.array(order, np.uint8)[labels])


def _overlaps(
    model: Segmenting,
    proposes: TrainedModel,
    heads: Sequence[MaskedHead],
    options: Options,
    progress: Progress,
) -> Figures:
    """Without a hint, with the landmarks as they are proposed, and as a person placed them."""
    counts = {name: RegionCounts(len(PARTS) + 1) for name in ("alone", "proposed", "landmarks")}
    fine, borders = RegionCounts(len(REGIONS) + 1), []
    hair = _PARTS.index("hair") + 1
    progress.start("heads", len(heads))
    for index, head in enumerate(heads):
        box = jittered(head.instance.box, options.jitter, options.seed, index)
        truth = merged(head.labels)
        found = found_labels(model, head, box)
        fine.add(found, head.labels)
        counts["alone"].add(merged(found), truth)
        told = found_labels(model, head, box, head.instance.shape.points)
        counts["landmarks"].add(merged(told), truth)
        likely = proposes.propose(head.instance.read_pixels(), box).given([])
        told = found_labels(model, head, box, likely.points, covariances=likely.covariances)
        counts["proposed"].add(merged(told), truth)
        near = max(BORDER_TOLERANCE * box.side, 1.0)
        borders.append(boundary_f1(merged(found) == hair, truth == hair, near))
        advance(progress)
    overlaps = counts["alone"].overlaps(_PARTS)
    told_overlaps = {name: counts[name].overlaps(_PARTS) for name in ("proposed", "landmarks")}
    return {
        "parsing/miou": percent(np.mean(list(overlaps.values()))),
        "parsing/miou_16": percent(np.mean(list(fine.overlaps(REGIONS).values()))),
        **{
            f"parsing/miou_with_{way}": percent(np.mean(list(each.values())))
            for way, each in told_overlaps.items()
        },
        "parsing/hair_iou": percent(overlaps["hair"]),
        "parsing/hair_f1": percent(counts["alone"].f1(hair)),
        "parsing/hair_precision": percent(counts["alone"].precision(hair)),
        "parsing/hair_boundary_f1": percent(np.mean(borders)),
        "parsing/accuracy": percent(counts["alone"].accuracy()),
        **{f"parsing/part/{name}": percent(each) for name, each in overlaps.items()},
        **{
            f"parsing/part_with_{way}/{name}": percent(overlap)
            for way, each in told_overlaps.items()
            for name, overlap in each.items()
        },
    }


def _clicks(
    model: Segmenting, heads: Sequence[MaskedHead], options: Options, progress: Progress
) -> Figures:
    """A person clicks in the middle of the worst of the hair's mask until it is good enough."""
    needed, reached, start, label = [], 0, [], REGIONS.index("hair") + 1
    limits = []
    progress.start("clicks on hair", len(heads))
    for index, head in enumerate(heads):
        truth = head.labels == label
        if truth.mean() >= _LEAST_HAIR:
            box = jittered(head.instance.box, options.jitter, options.seed, index)
            meant = drawn(truth, head.instance.box.side)
            limits.append(mask_overlap(meant, truth))
            overlaps = clicked(model, head, box, "hair", meant)
            start.append(overlaps[0])
            reached += overlaps[-1] >= ENOUGH
            needed.append(len(overlaps) - 1)
        advance(progress)
    return {
        "parsing/hair_heads": len(needed),
        "parsing/hair_clicks_to_90": rounded(float(np.mean(needed))),
        "parsing/hair_clicks_reached": percent(reached / len(needed)),
        "parsing/hair_drawn_iou": percent(np.mean(start)),
        "parsing/hair_drawn_exact_iou": percent(np.mean(limits)),
    }


def drawn(truth: Bools, side: float) -> Bools:
    """What a person would draw: the exact mask has single strands in it, and gaps between them.
    Inside is what lies mostly inside within a disk of this share of the box's side."""
    width = max(round(_STRANDS * side) | 1, 3)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)).astype(np.float32)
    return np.asarray(cv2.filter2D(truth.astype(np.float32), -1, disk / disk.sum()) > 0.5)


def clicked(
    model: Segmenting,
    head: MaskedHead,
    box: Box,
    region: str,
    truth: Bools,
    landmarks: Floats = NOWHERE,
    enough: float = ENOUGH,
    most: int = MOST_CLICKS,
) -> list[float]:
    """The overlap before the first click and after each, until it is enough; what a click does is
    what it does in the window."""
    clicks: list[RegionClick] = []
    labels, pixels = found_labels(model, head, box, landmarks), head.instance.read_pixels()
    masks = {name: Mask.of(labels == REGIONS.index(name) + 1) for name in model.regions()}
    own = masks[region].array(*truth.shape)
    overlaps = [mask_overlap(own, truth)]
    while overlaps[-1] < enough and len(overlaps) <= most:
        error = largest_error([truth & ~own, own & ~truth])
        assert error is not None
        kind, x, y = error
        click = RegionClick(region, x, y, belongs=kind == 0)
        clicks = [*standing(clicks, masks), click]
        drawn_before = len(overlaps) > 1
        question = Question(pixels, box, landmarks, masks, clicks, drawn_before)
        masks[region] = answered(question, model)
        own = masks[region].array(*truth.shape)
        overlaps.append(mask_overlap(own, truth))
    return overlaps


def _together(
    model: Segmenting,
    proposes: TrainedModel,
    heads: Sequence[MaskedHead],
    options: Options,
    progress: Progress,
) -> Figures:
    if (borders := getattr(model, "borders", None)) is None:
        return {}

    def mend(number: int, region: str, enough: float, told: bool) -> list[float]:
        head = heads[number]
        box = jittered(head.instance.box, options.jitter, options.seed, number)
        truth = head.labels == REGIONS.index(region) + 1
        meant = drawn(truth, head.instance.box.side) if region == "hair" else truth
        landmarks = head.instance.shape.points if told else NOWHERE
        return clicked(model, head, box, region, meant, landmarks, enough, MOST_TOGETHER)

    def step() -> None:
        advance(progress)

    progress.start("clicks on parts, and told the landmarks", len(heads))
    figures = region_figures(heads, mend, step)
    progress.start("clicks on landmarks, and told the masks", len(heads))
    return figures | landmark_figures(heads, proposes, borders, options, step)


def _film(model: Segmenting, film: Sequence[MaskedHead], progress: Progress) -> Figures:
    """Frame by frame, with and without the mask of the frame before."""
    figures: Figures = {}
    box = film[len(film) // 2].instance.box
    for name, remembers in (("alone", False), ("with_previous", True)):
        counts, flicker = RegionCounts(len(PARTS) + 1), []
        memory: Labels | None = None
        before: tuple[Labels, Labels] | None = None
        progress.start(f"film, {name}", len(film))
        for head in film:
            labels = found_labels(model, head, box, previous=memory)
            memory = labels if remembers else None
            own, truth = merged(labels), merged(head.labels)
            counts.add(own, truth)
            if before is not None:
                still = before[1] == truth
                flicker.append(float((before[0] != own)[still].mean()))
            before = own, truth
            advance(progress)
        overlaps = counts.overlaps(_PARTS)
        figures[f"parsing/film/{name}/miou"] = percent(np.mean(list(overlaps.values())))
        figures[f"parsing/film/{name}/flicker"] = percent(np.mean(flicker))
    return figures


def _photographs(
    model: Segmenting, proposes: TrainedModel, options: Options, progress: Progress
) -> Figures:
    """Overlap of the masks with what lies within the contours of the landmarks, where the network
    is told none of them, and where it is told those that are proposed."""
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    found: dict[str, list[float]] = {}
    progress.start("photographs", len(faces))
    for index, face in enumerate(faces):
        pixels = face.read_pixels()
        box = jittered(face.box, options.jitter, options.seed, index)
        height, width = pixels.shape[:2]
        proposed = proposes.propose(pixels, box).given([])
        ways = {"": (NOWHERE, None), "_with_proposed": (proposed.points, proposed.covariances)}
        truths = {
            part: _within(face.shape.points, around, (height, width))
            & ~_within(face.shape.points, holes, (height, width))
            for part, (around, holes) in _CONTOURS.items()
        }
        for way, (points, covariances) in ways.items():
            likely = model.segment(pixels, box, points, {}, (), covariances)
            labels = label_map(likely, (0, 0, width, height))
            for part, truth in truths.items():
                own = np.isin(labels, [likely.regions.index(name) + 1 for name in PARTS[part]])
                found.setdefault(f"{part}_iou{way}", []).append(mask_overlap(own, truth))
        advance(progress)
    return {
        "parsing/photos/faces": len(faces),
        **{f"parsing/photos/{name}": percent(np.mean(each)) for name, each in found.items()},
    }


def _within(points: Floats, contours: Sequence[range], shape: tuple[int, int]) -> Bools:
    """Pixels whose middles lie in one of the polygons."""
    inside = np.zeros(shape, np.uint8)
    for contour in contours:
        polygon = np.round(points[list(contour)] * 16).astype(np.int32)
        cv2.fillPoly(inside, [polygon], 1, shift=4)
    return inside.astype(bool)


def _speed(model: Segmenting, folder: Path, heads: Sequence[MaskedHead]) -> Figures:
    """Milliseconds of a proposal, and of the network alone as an ONNX file; one core."""
    head = heads[0].instance
    pixels = head.read_pixels()
    file = PARSING.imported().onnx_file(folder, parsing_scheme())
    return {
        "parsing/ms": milliseconds(lambda: model.segment(pixels, head.box, NOWHERE, {}, ())),
        "parsing/onnx_ms": onnx_milliseconds(file),
        "parsing/onnx_kilobytes": len(file) // 1024,
    }


def onnx_milliseconds(file: bytes) -> float:
    """Of a crop, on one core."""
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(0)
    given = {}
    for each in session.get_inputs():
        kind = np.uint8 if "uint8" in each.type else np.float32
        given[each.name] = random.integers(0, 2, each.shape).astype(kind)
    return milliseconds(lambda: session.run(None, given))


def milliseconds(work: Callable[[], object]) -> float:
    """Of the processor, which are the clock's where nothing else runs; the fewest of some."""
    seconds = []
    for _ in range(_TIMES):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return float(rounded(1000 * min(seconds)))


def _parameters(folder: Path) -> int:
    return int(PARSING.imported().parameters(folder, parsing_scheme()))


def percent(share: object) -> float:
    return float(rounded(100 * float(share)))  # type: ignore[arg-type]


def advance(progress: Progress) -> None:
    step(progress, kept="A trained network is kept.")
