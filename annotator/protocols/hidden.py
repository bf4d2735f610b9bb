"""Which landmarks a photograph does not show: the `hidden` protocol, for any trained model.

On the rendered heads that come with the program, in boxes off as drawn ones are: the stills, of as
many persons, and the film, of one. What is hidden there is known exactly. A person who marks it has
one key for all that the model suggests and one for each single landmark, and takes the suggestion
only where that is the shorter way. Whoever answers the tool's questions until what is seen is right
(`hidden_questions`) is asked in vain for what is hidden: with the probabilities and without.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.hidden_questions import answered
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.backends.metrics.probabilities import (
    average_precision,
    expected_calibration_error,
)
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples.rendered_heads.heads import RenderedHead, rendered_heads
from landmark_annotator.projects.vocabulary import Box, Progress, Scheme, Visibility
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

_JAW = 17
"""Landmarks of the outline come first, of the 68."""


def run(options: Options, progress: Progress) -> Figures:
    model = options.model(progress)
    stills = [head for head in rendered_heads() if head.frame is None][: options.images]
    film = [head for head in rendered_heads() if head.frame is not None][: options.images]
    return {
        **_figures("hidden/stills", stills, model, options, progress),
        **_figures("hidden/sequence", film, model, options, progress),
    }


@dataclass(frozen=True)
class Gestures:
    """Of one face, to mark what is hidden. alone: without a suggestion. taken: where the suggestion
    is always taken. suggested: where it is taken if that is shorter."""

    alone: int
    taken: int

    @property
    def suggested(self) -> int:
        return min(self.alone, self.taken)


def gestures(probabilities: Floats, hidden: Bools) -> Gestures:
    """probabilities: (L,), hidden: (L,) what is so."""
    marked = np.isin(np.arange(len(hidden)), list(probably_hidden(probabilities)))
    wrong = int((marked != hidden).sum())
    return Gestures(int(hidden.sum()), wrong + bool(marked.any()))


def _figures(
    name: str,
    heads: Sequence[RenderedHead],
    model: TrainedModel,
    options: Options,
    progress: Progress,
) -> Figures:
    hidden = np.stack([head.shape.visibility == Visibility.OCCLUDED for head in heads])
    proposals, said = _proposals(name, heads, model, options, progress)
    made = [gestures(*each) for each in zip(said, hidden, strict=True)]
    parts = {"": slice(None), "/jaw": slice(_JAW), "/inner": slice(_JAW, None)}
    figures: Figures = {
        f"{name}/faces": len(heads),
        f"{name}/persons": len({head.truth["identity"] for head in heads}),
        f"{name}/hidden_per_face": rounded(float(hidden.sum(axis=1).mean())),
        f"{name}/calibration_error": rounded(
            expected_calibration_error(said.ravel(), hidden.ravel())
        ),
        f"{name}/gestures_without": rounded(float(np.mean([one.alone for one in made]))),
        f"{name}/gestures_with": rounded(float(np.mean([one.suggested for one in made]))),
        f"{name}/gestures_always_taken": rounded(float(np.mean([one.taken for one in made]))),
    }
    for way, silent in (("with", False), ("without", True)):
        figures |= _asked(f"{name}/questions_{way}", heads, proposals, hidden, options, silent)
    for part, which in parts.items():
        found = average_precision(said[:, which].ravel(), hidden[:, which].ravel())
        figures[f"{name}{part}/average_precision"] = rounded(found)
        figures[f"{name}{part}/share"] = rounded(float(hidden[:, which].mean()))
    return figures


def _asked(
    name: str,
    heads: Sequence[RenderedHead],
    proposals: Sequence[Proposal],
    hidden: Bools,
    options: Options,
    silent: bool,
) -> Figures:
    """hidden: (N, L). silent: as if the model said nothing of what is hidden."""
    scheme, found = Scheme.named("face68"), []
    for index, (head, proposal, unseen) in enumerate(zip(heads, proposals, hidden, strict=True)):
        truth = head.shape.points
        length = scheme.normaliser_length(truth, Box.square_around(truth))
        noise = click_noise(len(truth), options.seed, index)
        asking = replace(proposal, hidden=None) if silent else proposal
        found.append(answered(asking, truth, unseen, length, noise))
    return {
        f"{name}/clicks": rounded(float(np.mean([one.clicks for one in found]))),
        f"{name}/in_vain": rounded(float(np.mean([one.vain for one in found]))),
        f"{name}/gestures": rounded(float(np.mean([one.gestures for one in found]))),
    }


def _proposals(
    name: str,
    heads: Sequence[RenderedHead],
    model: TrainedModel,
    options: Options,
    progress: Progress,
) -> tuple[list[Proposal], Floats]:
    """And (N, L) what they say of hidden landmarks."""
    found, said = list[Proposal](), list[Floats]()
    progress.start(name, len(heads))
    for index, head in enumerate(heads):
        box = jittered(Box.square_around(head.shape.points), options.jitter, options.seed, index)
        proposal = model.propose(read_pixels(head.picture), box)
        if proposal.hidden is None:
            raise ActionableError(
                "This model says nothing of hidden landmarks.",
                remedy="Measure another one: --backend heatmap does.",
            )
        found.append(proposal)
        said.append(proposal.hidden)
        step(progress)
    return found, np.stack(said)
