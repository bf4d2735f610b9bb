"""Landmarks and masks as evidence for each other, for the `parsing` protocol: what a hand has still
to click of the one where it has seen to the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.protocols.datasets.head_masks import REGIONS, MaskedHead
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
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

_FINE = 0.75
CLICKED: Mapping[str, tuple[str, float]] = {
    "hair": ("hair", 0.9),
    "skin": ("skin", 0.9),
    "nose": ("nose", 0.9),
    "upper lip": ("lips", _FINE),
    "left eye": ("eyes", _FINE),
    "left brow": ("brows", _FINE),
}
"""Regions that the hand mends, what they are called in figures, where one of a pair stands for it,
and the overlap that is enough: of parts that are ten pixels high half a pixel is a tenth."""
_LEAST = {"hair": 0.01}
"""Share of the picture; of others it is `_LEAST_PART`."""
_LEAST_PART = 0.0005
_MOST_CLICKS = 10


@dataclass(frozen=True, eq=False)
class MendedMask:
    """overlaps: with what is meant, before the first click and after each. mask: after the last."""

    overlaps: Sequence[float]
    mask: Mask


Mend = Callable[[int, str, float, bool], MendedMask]
"""(number of the head, region, overlap that is enough, whether the landmarks are told)."""


def region_figures(
    heads: Sequence[MaskedHead], mend: Mend, step: Callable[[], None]
) -> tuple[Figures, list[dict[str, Mask]]]:
    """Clicks until masks are good, and the masks that these leave of each head where no
    landmarks are told."""
    left: list[dict[str, Mask]] = []
    counts: dict[str, list[float]] = {}
    for number, head in enumerate(heads):
        left.append({})
        for region, (part, enough) in CLICKED.items():
            share = float((head.labels == REGIONS.index(region) + 1).mean())
            if share < _LEAST.get(region, _LEAST_PART):
                continue
            for told in (False, True):
                found = mend(number, region, enough, told)
                way = "told_landmarks" if told else "alone"
                about = f"parsing/together/{part}"
                counts.setdefault(f"{about}/iou/{way}", []).append(100 * found.overlaps[0])
                clicks = f"{about}/clicks_to_{100 * enough:.0f}/{way}"
                counts.setdefault(clicks, []).append(len(found.overlaps) - 1)
                if not told:
                    left[-1][region] = found.mask
        step()
    return {name: rounded(float(np.mean(each))) for name, each in counts.items()}, left


def landmark_figures(
    heads: Sequence[MaskedHead],
    left: Sequence[Mapping[str, Mask]],
    model: TrainedModel,
    borders: Borders,
    options: Options,
    step: Callable[[], None],
) -> Figures:
    """Clicks on landmarks that are off the most: without masks, with those that a hand has mended
    so far, and with exact ones of all regions."""
    runs: dict[str, list[ClickRun]] = {}
    for number, head in enumerate(heads):
        instance = head.instance
        box = jittered(instance.box, options.jitter, options.seed, number)
        proposal = model.propose(instance.read_pixels(), box)
        masks = {"alone": {}, "told_mended": left[number], "told_exact": head.masked().masks}
        for way, told in masks.items():
            runs.setdefault(way, []).append(_clicked(proposal, head, told, borders, number))
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
    number: int,
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
        clicks=_MOST_CLICKS,
        normaliser_length=scheme.normaliser_length(truth, head.instance.box),
        click_noise=click_noise(len(truth), 0, number),
        told=told if masks else None,
    )
