"""Objects found in whole photographs and frames: the `finder` protocol."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets import photographs
from landmark_annotator.annotator.protocols.datasets.fly_video import fly_frames
from landmark_annotator.annotator.protocols.datasets.labelled_frames import FIELD
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.finding.search import Search
from landmark_annotator.annotator.session.models.library import KeptModel, Origin
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.finders import FINDER, ObjectFinder, load_finder, train_finder
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.boxes import matched
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.other_sides import turned_back
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.projects.vocabulary import (
    Box,
    Found,
    LabelledImage,
    LabelledInstance,
    Progress,
    Scheme,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

_HIT = 0.5
_FLY_LABELS, _FLY_TESTS = 60, 500


def run(options: Options, progress: Progress) -> Figures:
    one_core()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.work or temporary)
        finder = _face_finder(options, folder, progress)
        figures = _photographs(finder, options, progress)
        figures |= _turned_photographs(finder, options, progress)
        return figures | _flies(folder, options, progress)


def _face_finder(options: Options, folder: Path, progress: Progress) -> ObjectFinder:
    """As it comes with the program, or trained for the protocol."""
    scheme = Scheme.named("face68")
    if options.shipped:
        shipped = FINDER.shipped(scheme)
        if shipped is None:
            raise ActionableError("No weights of the finder come with the program.")
        return load_finder(shipped, scheme)
    own = folder / f"finder-seed{options.seed}"
    settings = {"seed": options.seed, **FINDER.from_nothing, **options.training}
    if not has_card(own):
        train_finder()(photographs.training_images(), scheme, own, settings, progress)
    check_training(own, settings)
    return load_finder(own, scheme)


def _photographs(finder: ObjectFinder, options: Options, progress: Progress) -> Figures:
    faces = photographs.photographs(photographs.TESTING)[: options.images]
    scheme, model = Scheme.named("face68"), _proposer()
    hits, unmatched, false, milliseconds = 0, 0, 0, []
    errors: dict[str, list[float]] = {"found": [], "drawn": []}
    progress.start("photographs", len(faces))
    for index, face in enumerate(faces):
        pixels = face.read_pixels()
        started = time.perf_counter()
        found = finder.find(pixels)
        milliseconds.append(1000 * (time.perf_counter() - started))
        partners = matched(found, [face.box], _HIT)
        others = [f.box for f, partner in zip(found, partners, strict=True) if partner is None]
        unmatched += len(others)
        false += len(photographs.false_boxes(others, face.key))
        if 0 in partners:
            hits += 1
            drawn = jittered(face.box, options.jitter, options.seed, index)
            for name, box in (("found", found[partners.index(0)].box), ("drawn", drawn)):
                errors[name].append(_error(model, face, box, scheme))
        step(progress, kept="The trained finders are kept.")
    return {
        "finder/photos/images": len(faces),
        "finder/photos/recall": rounded(100 * hits / len(faces)),
        "finder/photos/false_per_photograph": rounded(false / len(faces)),
        "finder/photos/unmatched_per_photograph": rounded(unmatched / len(faces)),
        "finder/photos/ms": rounded(float(np.median(milliseconds))),
        "finder/photos/nme_found": rounded(float(np.mean(errors["found"]))),
        "finder/photos/nme_drawn": rounded(float(np.mean(errors["drawn"]))),
    }


def _turned_photographs(finder: ObjectFinder, options: Options, progress: Progress) -> Figures:
    """On their side and upside down; and frames of a mouse, which hold no face."""
    search = Search("", finder=finder, knows=_shipped())
    faces = photographs.photographs(photographs.TESTING)[: options.images]
    frames = FIELD.read(FIELD.scheme())[: options.images]
    hits, false = dict.fromkeys((90, 180, 270), 0), 0
    progress.start("turned photographs", len(faces) + len(frames))
    for face in faces:
        pixels = face.read_pixels()
        for quarters, degrees in enumerate(hits, 1):
            turned = np.ascontiguousarray(np.rot90(pixels, quarters))
            boxes = search.boxes_however_it_lies(turned)
            found = [Found(turned_back(box, quarters, pixels), 1.0) for box in boxes]
            partners = matched(found, [face.box], _HIT)
            hits[degrees] += 0 in partners
            others = [f.box for f, partner in zip(found, partners, strict=True) if partner is None]
            false += len(photographs.false_boxes(others, face.key))
        step(progress, kept="The trained finders are kept.")
    upright = anyhow = 0
    for frame in frames:
        pixels = frame.read_pixels()
        upright += bool(search.boxes(pixels))
        anyhow += bool(search.boxes_however_it_lies(pixels))
        step(progress, kept="The trained finders are kept.")
    return {
        **{f"finder/turned/{d}/recall": rounded(100 * n / len(faces)) for d, n in hits.items()},
        "finder/turned/false_per_photograph": rounded(false / (len(hits) * len(faces))),
        "finder/mouse/images": len(frames),
        "finder/mouse/images_with_faces_upright": upright,
        "finder/mouse/images_with_faces": anyhow,
    }


def _proposer() -> TrainedModel:
    return _shipped().load()


def _shipped() -> KeptModel:
    backend, scheme = backend_named(DEFAULT_BACKEND), Scheme.named("face68")
    folder = backend.shipped(scheme)
    if folder is None:
        raise ActionableError(f"No weights of the {backend.title} come with the program.")
    return KeptModel(backend, folder, Origin.SHIPPED, scheme)


def _error(model: TrainedModel, face: LabelledInstance, box: Box, scheme: Scheme) -> float:
    truth = face.shape.points
    points = model.propose(face.read_pixels(), box).given([]).points
    return float(nme(points, truth, scheme.normaliser_length(truth, face.box)))


def _flies(folder: Path, options: Options, progress: Progress) -> Figures:
    """A finder that a project would have trained on the first frames, on the ones that follow."""
    scheme, frames = fly_frames(_FLY_LABELS + min(options.images or _FLY_TESTS, _FLY_TESTS))
    own = folder / f"finder-flies24-seed{options.seed}"
    if not has_card(own):
        settings = {"seed": options.seed}
        train_finder()(frames[:_FLY_LABELS], scheme, own, settings, progress)
    finder = load_finder(own, scheme)
    hits = objects = both = false = 0
    turns: list[float] = []
    progress.start("frames", len(frames) - _FLY_LABELS)
    for frame in frames[_FLY_LABELS:]:
        found = finder.find(frame.read_pixels())
        partners = matched(found, frame.objects, _HIT)
        known = [p for p in partners if p is not None]
        hits, objects = hits + len(known), objects + len(frame.objects)
        both += len(known) == len(frame.objects)
        false += len(found) - len(known)
        turns += _turns(found, partners, frame)
        step(progress, kept="The trained finders are kept.")
    tested = len(frames) - _FLY_LABELS
    return {
        "finder/flies24/frames": tested,
        "finder/flies24/recall": rounded(100 * hits / objects),
        "finder/flies24/both": rounded(100 * both / tested),
        "finder/flies24/false_per_frame": rounded(false / tested),
        "finder/flies24/heading_within_20": rounded(100 * float(np.mean(np.array(turns) < 20))),
    }


def _turns(
    found: Sequence[Found], partners: Sequence[int | None], frame: LabelledImage
) -> list[float]:
    """Degrees between the headings of those that are matched."""
    pairs = (
        (f.box, frame.objects[p]) for f, p in zip(found, partners, strict=True) if p is not None
    )
    return [abs(np.degrees(np.angle(np.exp(1j * (a.angle - b.angle))))) for a, b in pairs]
