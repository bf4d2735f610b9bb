"""Landmarks and masks as evidence for each other, for the `parsing` protocol: what a hand has still
to click of the one where it has seen to the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from landmark_annotator.annotator.protocols.datasets.head_masks import REGIONS, MaskedHead
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.annotator.session.simulation.hand import (
    CLICK_ERROR,
    click_noise,
    jittered,
)
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.borders.border_statistics import Borders
from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from landmark_annotator.backends.metrics.calibration import inside
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Evidence, Mask, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

CLICKED: Mapping[str, float] = {"hair": 0.9, "skin": 0.9, "nose": 0.85}
"""Regions that the hand mends, and the overlap that is enough. A click says something of a place as
large as the errors of smaller parts, which are mended with a brush."""
MOST_TOGETHER = 10
_LEAST = 0.01
"""Share of the picture that a region has which is mended."""
_BEND = 0.1
"""Sides of the box over which a hand that draws a border is off alike."""


Mend = Callable[[int, str, float, bool], Sequence[float]]
"""(number of the head, region, overlap that is enough, whether the landmarks are told) to the
overlap before the first click and after each."""


def region_figures(heads: Sequence[MaskedHead], mend: Mend, step: Callable[[], None]) -> Figures:
    """Clicks until masks are good enough, without landmarks and told all of them."""
    counts: dict[str, list[float]] = {}
    for number, head in enumerate(heads):
        for region, enough in CLICKED.items():
            if (head.labels == REGIONS.index(region) + 1).mean() < _LEAST:
                continue
            for told, way in ((False, "alone"), (True, "told_landmarks")):
                overlaps = mend(number, region, enough, told)
                about = f"parsing/together/{region}"
                clicks = f"{about}/clicks_to_{100 * enough:.0f}/{way}"
                counts.setdefault(f"{about}/iou/{way}", []).append(100 * overlaps[0])
                counts.setdefault(clicks, []).append(len(overlaps) - 1)
        step()
    return {name: rounded(float(np.mean(each))) for name, each in counts.items()}


def by_hand(head: MaskedHead, seed: int, number: int) -> MaskedHead:
    """With borders of its regions as a hand draws them, off by as much as a click on a landmark is,
    and for a stretch to the same side."""
    height, width = head.labels.shape
    points, box = head.instance.shape.points, head.instance.box
    deviation = CLICK_ERROR * Scheme.named("face68").normaliser_length(points, box)
    random = np.random.default_rng((seed, number, 2))
    stretch = _BEND * box.side
    coarse = random.normal(0, deviation, (round(height / stretch), round(width / stretch), 2))
    shifts = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[:height, :width]
    at = (shifts + np.stack([columns, rows], axis=-1)).astype(np.float32)
    labels = cv2.remap(head.labels, at[..., 0], at[..., 1], cv2.INTER_NEAREST)
    return replace(head, labels=np.asarray(labels, np.uint8))


def landmark_figures(
    heads: Sequence[MaskedHead],
    model: TrainedModel,
    borders: Borders,
    options: Options,
    step: Callable[[], None],
) -> Figures:
    """Clicks on landmarks that are off the most: without masks, with that of the skin or those of
    all regions as a hand draws them, and with exact ones."""
    runs: dict[str, list[ClickRun]] = {}
    for number, head in enumerate(heads):
        instance = head.instance
        box = jittered(instance.box, options.jitter, options.seed, number)
        proposal = model.propose(instance.read_pixels(), box)
        drawn = by_hand(head, options.seed, number).masked().masks
        noise = click_noise(len(instance.shape.points), options.seed, number)
        ways: dict[str, Mapping[str, Mask]] = {
            "alone": {},
            "told_skin": {"skin": drawn["skin"]},
            "told_masks": drawn,
            "told_exact_masks": head.masked().masks,
        }
        for way, told in ways.items():
            runs.setdefault(way, []).append(_clicked(proposal, head, told, borders, noise))
        step()
    figures: Figures = {}
    for way, each in runs.items():
        nme = np.stack([run.nme for run in each])
        seen = np.stack([run.visible for run in each])
        squared = np.concatenate([run.squared[0] for run in each])
        squared = squared[np.isfinite(squared)]
        about = "parsing/together/landmarks"
        figures |= {
            f"{about}/nme/{way}": rounded(float(nme[:, 0].mean())),
            f"{about}/visible/{way}": rounded(float(seen[:, 0].mean())),
            f"{about}/clicks_nme3.5/{way}": rounded(clicks_to(nme, 3.5)),
            f"{about}/clicks_visible2/{way}": rounded(clicks_to(seen.mean(axis=2), 2.0)),
            f"{about}/inside95/{way}": rounded(inside(squared, 0.95, each[0].degrees)),
        }
    return figures


def _clicked(
    proposal: Proposal,
    head: MaskedHead,
    masks: Mapping[str, Mask],
    borders: Borders,
    noise: Floats,
) -> ClickRun:
    """With the masks as evidence as the window has them, see `session.labelling.belief`."""
    scheme, truth = Scheme.named("face68"), head.instance.shape.points
    hidden = probably_hidden(proposal.hidden)

    def told(proposed: Proposal, evidence: Sequence[Evidence]) -> Proposal:
        without = hidden | {piece.landmark for piece in evidence}
        believed = proposed.given(evidence)
        return proposed.told(border_evidence(believed, proposed.box.side, masks, borders, without))

    return simulate_clicks(
        proposal,
        truth,
        scheme,
        rule="mixture",
        policy="worst",
        clicks=MOST_TOGETHER,
        normaliser_length=scheme.normaliser_length(truth, head.instance.box),
        click_noise=noise,
        told=told if masks else None,
    )
