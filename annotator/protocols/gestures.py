"""Every gesture of a simulated person on the 554 faces: boxes, clicks, turning pages, accepting.

Each face is mended, the worst landmark that can be seen first, until all are visibly right; then it
is accepted, alone or with the others of its sheet. A box that is drawn is one gesture, a click or
drag is one, and so is Enter, which accepts and turns to what comes next. `today` draws every box,
puts each landmark in its exact place, and accepts one face at a time. The others say of a contour
where it passes; they draw only the boxes that the finder misses and remove the false ones, where a
finder comes with the program, and every box where none does.
"""

import math
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w, photographs
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR, click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_clicks import simulate_clicks
from landmark_annotator.backends.finders import FINDER, ObjectFinder, load_finder
from landmark_annotator.backends.metrics.boxes import matched
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

TOLERANCES = (10, 7, 5)
"""Percent of the inter-ocular distance within which every landmark is visibly right."""
ON_A_SHEET = 12
_EYES = 87.0
"""Screen pixels between the outer corners of the eyes on a sheet of twelve, in a window of 1440 by
900."""
_SHEET_ERROR = math.hypot(CLICK_ERROR, 1 / math.sqrt(12) / _EYES)
"""A mouse is at whole pixels, which are coarser there."""
_SHAKY_ERROR = 1.5 / _EYES
"""Of a hand that is off by 1.5 pixels of the screen, along each axis, however small the picture."""
_HIT = 0.5


@dataclass
class _Spent:
    """Gestures of all faces, and faces that needed no click, by the tolerance."""

    boxes: int = 0
    removed: int = 0
    """Found boxes that hold no face that is to be labelled."""
    clicks: dict[int, list[int]] = field(default_factory=lambda: {t: [] for t in TOLERANCES})

    def per_face(self, tolerance: int, on_a_sheet: int = 1) -> float:
        """Enter once a sheet; one at a time is a sheet of one."""
        faces = len(self.clicks[tolerance])
        turned = math.ceil(faces / on_a_sheet)
        return (self.boxes + self.removed + sum(self.clicks[tolerance]) + turned) / faces


def run(options: Options, progress: Progress) -> Figures:
    model, finder = options.model(progress), _finder()
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    whole = {face.key: face for face in photographs.photographs(photographs.TESTING)}
    spent = {name: _Spent() for name in (*(way[0] for way in _WAYS), "found", "sheet_found")}
    progress.start("faces", len(faces))
    for index, face in enumerate(faces):
        hand = partial(_mended, face=face, index=index, seed=options.seed)
        box = jittered(face.box, options.jitter, options.seed, index)
        proposal = model.propose(face.read_pixels(), box)
        for name, error, contours in _WAYS:
            spent[name].boxes += 1
            _count(spent[name], hand(proposal, error=error, contours=contours))
        if finder is not None:
            _with_finder(spent, finder, model, whole.get(face.key, face), index, options)
        step(progress)
    return _figures(spent, len(faces), finder is not None)


_WAYS = (
    ("today", CLICK_ERROR, False),
    ("single", CLICK_ERROR, True),
    ("sheet", _SHEET_ERROR, True),
    ("shaky", _SHAKY_ERROR, True),
)
"""Names, deviations of a click, and whether a click on a contour says only that it passes there."""


def _finder() -> ObjectFinder | None:
    """As it comes with the program; None where it comes without."""
    scheme = Scheme.named("face68")
    folder = FINDER.shipped(scheme)
    return None if folder is None else load_finder(folder, scheme)


def _with_finder(
    spent: dict[str, _Spent],
    finder: ObjectFinder,
    model: TrainedModel,
    face: LabelledInstance,
    index: int,
    options: Options,
) -> None:
    """face: in its whole photograph, where there is one. Its box is drawn where it is missed."""
    seed = options.seed
    pixels = face.read_pixels()
    found = finder.find(pixels)
    partners = matched(found, [face.box], _HIT)
    missed = 0 not in partners
    others = [f.box for f, partner in zip(found, partners, strict=True) if partner is None]
    false = len(photographs.false_boxes(others, face.key))
    box = (
        jittered(face.box, options.jitter, seed, index) if missed else found[partners.index(0)].box
    )
    proposal = model.propose(pixels, box)
    for name, error in (("found", CLICK_ERROR), ("sheet_found", _SHEET_ERROR)):
        spent[name].boxes += missed
        spent[name].removed += false
        mended = _mended(proposal, face=face, index=index, seed=seed, error=error, contours=True)
        _count(spent[name], mended)


def _count(spent: _Spent, errors: Floats) -> None:
    """errors: (C + 1,) the worst visible one after 0..C clicks, which are the same for all
    tolerances, as the worst landmark comes first."""
    for tolerance, clicks in spent.clicks.items():
        reached = np.flatnonzero(errors <= tolerance)
        clicks.append(int(reached[0]) if len(reached) else len(errors))


def _mended(
    proposal: Proposal,
    *,
    face: LabelledInstance,
    index: int,
    seed: int,
    error: float,
    contours: bool,
) -> Floats:
    """(C + 1,) the worst visible error after 0..C clicks, until it is within all tolerances."""
    scheme, truth = Scheme.named("face68"), face.shape.points
    done = simulate_clicks(
        proposal,
        truth,
        scheme,
        rule="mixture",
        policy="worst",
        clicks=len(truth),
        normaliser_length=scheme.normaliser_length(truth, face.box),
        click_noise=click_noise(len(truth), seed, index),
        click_error=error,
        until=lambda errors: bool(np.nanmax(errors) <= min(TOLERANCES)),
        by_eye=True,
        contours=contours,
    )
    return np.asarray(np.nanmax(done.visible, axis=1))


def _figures(spent: dict[str, _Spent], faces: int, finds: bool) -> Figures:
    figures: Figures = {
        "gestures/faces": faces,
        "gestures/on_a_sheet": ON_A_SHEET,
    }
    alone, together = ("found", "sheet_found") if finds else ("single", "sheet")
    if finds:
        figures["gestures/boxes_missed"] = rounded(100 * spent["found"].boxes / faces)
        figures["gestures/boxes_removed"] = rounded(100 * spent["found"].removed / faces)
    for t in TOLERANCES:
        figures |= {
            f"gestures/today/{t}/per_face": rounded(spent["today"].per_face(t)),
            f"gestures/single/{t}/per_face": rounded(spent[alone].per_face(t)),
            f"gestures/single/{t}/drawn": rounded(spent["single"].per_face(t)),
            f"gestures/sheet/{t}/per_face": rounded(spent[together].per_face(t, ON_A_SHEET)),
            f"gestures/sheet/{t}/drawn": rounded(spent["sheet"].per_face(t, ON_A_SHEET)),
            # Where another program's detections were imported, no box is drawn.
            f"gestures/sheet/{t}/boxes_given": rounded(
                spent["sheet"].per_face(t, ON_A_SHEET) - 1.0
            ),
            f"gestures/sheet/{t}/boxes_given_shaky_hand": rounded(
                spent["shaky"].per_face(t, ON_A_SHEET) - 1.0
            ),
            f"gestures/single/{t}/clicks": rounded(float(np.mean(spent["single"].clicks[t]))),
            f"gestures/sheet/{t}/clicks": rounded(float(np.mean(spent["sheet"].clicks[t]))),
            f"gestures/single/{t}/untouched": rounded(
                100 * float(np.mean(np.array(spent["single"].clicks[t]) == 0))
            ),
        }
    return figures
