"""Does a trained network cost fewer clicks than the prior, and than the weights it started from?

Cross-validated on held-out labels.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.plausible_truths import plausible_truths
from landmark_annotator.annotator.session.models.prior_model import PriorModel, accompanied
from landmark_annotator.annotator.session.simulation.hand import BOX_ERROR, STEADY, Hand, redrawn
from landmark_annotator.annotator.session.simulation.simulated_annotator import (
    Acceptance,
    label_worst_first,
)
from landmark_annotator.backends.learning.training_shapes import is_sparse
from landmark_annotator.backends.registry import Reconsidering, TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels

_MOST_INSTANCES = 24
_STANDARD_ERRORS = 2.0
_FEWEST_CASES = 2
"""Of fewer nobody knows what they differ by."""
_DRAWS = 3
"""Truths that are tried of each label."""


@dataclass(frozen=True)
class Comparison:
    """Mean clicks on the worst point until a held-out instance is good enough, by a network, by
    the prior from the instances that the network learned from, and by the weights that the project
    started from, where it was told any. start_unfamiliar: instances of which those weights alone
    had never seen the like. together: by the network with registration from the instances that it
    learned from beside it, None where there is none. margin: clicks by which another has to be
    better than the network as it proposes, see `_margin`."""

    instances: int
    network: float
    prior: float
    start: float | None = None
    start_unfamiliar: int = 0
    together: float | None = None
    margin: float = 0.0

    @property
    def registration_helps(self) -> bool:
        """Whether it is to stand beside the network, as `Accompanied`."""
        return self.together is not None and self.together <= self.network

    @property
    def network_helps(self) -> bool:
        """By clicks and not by errors: from the better start a click may mend less. Where they are
        even it does: it has learned from these images, and later ones teach it more."""
        return self._clicks <= self._others + self.margin

    @property
    def _clicks(self) -> float:
        """By the network as it proposes."""
        beside = self.together if self.registration_helps else None
        return self.network if beside is None else beside

    @property
    def _others(self) -> float:
        """By the better one of those that would propose in its place."""
        return min(self.prior, math.inf if self.start is None else self.start)

    @property
    def sentence(self) -> str:
        """What a person is told of it."""
        start = "" if self.start is None else f", the weights it started from {self.start:.1f}"
        if self.start_unfamiliar:
            start += f" (of {self.start_unfamiliar} they had never seen the like)"
        beside = ", with the labelled images beside it," if self.registration_helps else ""
        stays = ""
        if self._others < self._clicks and self.network_helps:
            stays = " It has proposed before, and stays: the difference may be chance."
        return (
            f"On {self.instances} held-out shapes it costs{beside} {self._clicks:.1f} clicks until "
            f"a shape is good enough, the prior {self.prior:.1f}{start}.{stays}"
        )

    @classmethod
    def read(cls, model: KeptModel) -> "Comparison | None":
        """None where none was made, or its file is damaged."""
        try:
            content = json.loads(model.comparison_file.read_text(encoding="utf-8"))
            start, together = content.get("start"), content.get("together")
            return cls(
                int(content["instances"]),
                float(content["network"]),
                float(content["prior"]),
                None if start is None else float(start),
                int(content.get("start_unfamiliar", 0)),
                None if together is None else float(together),
                float(content.get("margin", 0.0)),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def is_better(model: KeptModel) -> bool:
    """Whether it proposes before the prior: it does where nobody has compared them."""
    compared = Comparison.read(model)
    return compared is None or compared.network_helps


def compare_with_prior(
    kept: KeptModel,
    instances: Sequence[LabelledInstance],
    seed: int = 0,
    start: Path | None = None,
    hand: Hand = STEADY,
    progress: Progress = SILENT,
) -> Comparison | None:
    """Compares the model just trained, and keeps the answer beside it.

    instances: those that it was trained with. start: the folder of the weights that the project
    started from, which have learned from none of them. hand: that clicks. None, and nothing is
    kept, where it held out none, or only sparsely labelled ones. Raises Cancelled.
    """
    scheme = kept.scheme
    held_out = set(kept.not_learned_from([each.key for each in instances]))
    related = {each.split_key for each in instances if each.key in held_out}
    learned = tuple(each for each in instances if each.split_key not in related)
    if not learned:  # All are of one group.
        learned = tuple(each for each in instances if each.key not in held_out)
    judged = [each for each in instances if each.key in held_out and not is_sparse(each)]
    before = Comparison.read(kept)
    kept.comparison_file.unlink(missing_ok=True)
    if not judged or not learned:
        return None
    try:
        without = PriorModel(learned, scheme).load(progress)
    except TooFewLabels:  # Sparse labels, of which a network may still learn.
        return None
    except Cancelled:
        raise _stopped() from None
    model = kept.load()
    models: dict[str, TrainedModel] = {"network": model, "prior": without}
    if start is not None:
        models["start"] = kept.backend.load(start, scheme)
    beside = accompanied(model, without)
    if beside is not None:
        models["together"] = beside
    judged = judged[:_MOST_INSTANCES]
    # Each is proposed once by all, and then clicked at by each.
    progress.start("Comparing with the prior", len(judged) * (1 + len(models)))
    cases = list(_cases(judged, instances, models, scheme, seed, progress))
    if not cases:
        return None
    each = {
        name: _clicks(name, models[name], cases, scheme, hand, seed, progress) for name in models
    }
    clicks = {name: float(found.mean()) for name, found in each.items()}
    started = [case.proposals["start"] for case in cases if start is not None]
    found = Comparison(
        len(cases),
        clicks["network"],
        clicks["prior"],
        clicks.get("start"),
        sum(proposal.unfamiliar for proposal in started),
        clicks.get("together"),
    )
    if before is not None and before.network_helps:
        mine = each["together" if found.registration_helps else "network"]
        others = min((each[name] for name in ("prior", "start") if name in each), key=np.mean)
        found = replace(found, margin=_margin(mine, others))
    write_whole(kept.comparison_file, json.dumps(asdict(found)) + "\n")
    return found


class _Case(NamedTuple):
    """A labelled instance, and what each model proposes for it in a box as another hand draws it.
    length: of the normaliser; noise: (L, 2) of the clicks, standard normal."""

    instance: LabelledInstance
    proposals: Mapping[str, Proposal]
    length: float
    noise: Floats


def _cases(
    judged: Sequence[LabelledInstance],
    labelled: Sequence[LabelledInstance],
    models: Mapping[str, TrainedModel],
    scheme: Scheme,
    seed: int,
    progress: Progress,
) -> Iterator[_Case]:
    """Of those whose images can be read: one photograph at a time is in memory. labelled: all that
    there are, which say how long the normaliser usually is."""
    usual = ErrorLengths.usual(scheme, ((each.box, each.shape.points) for each in labelled))
    for index, instance in enumerate(judged):
        _refuse_stopped(progress)
        random = np.random.default_rng((seed, index))
        box = redrawn(instance.box, BOX_ERROR, random)
        length = usual.of(instance.shape.points, instance.box)
        noise = random.normal(size=instance.shape.points.shape)
        with suppress(ImageError):
            pixels = instance.read_pixels()
            proposals = {name: model.propose(pixels, box) for name, model in models.items()}
            yield _Case(instance, proposals, length, noise)
        progress.advance()


def _clicks(
    name: str,
    model: TrainedModel,
    cases: Sequence[_Case],
    scheme: Scheme,
    hand: Hand,
    seed: int,
    progress: Progress,
) -> Floats:
    """(C,) that the model of this name costs in each case, on average over truths that its label
    leaves possible."""
    # A shape is accepted as soon as it is good enough, and so is hardly better than that.
    let_pass = Acceptance().scaled(hand.scale).mean
    means = []
    for number, (instance, proposals, length, noise) in enumerate(cases):
        _refuse_stopped(progress)
        proposal, told = proposals[name], None
        if isinstance(model, Reconsidering):
            told = partial(model.reconsider, instance.read_pixels())
        draws = np.random.default_rng((seed, number))
        truths = plausible_truths(proposal, instance.shape, length, let_pass, draws, _DRAWS)
        clicks = [
            label_worst_first(proposal, truth, scheme, length, noise, hand, told).clicks
            for truth in truths
        ]
        means.append(np.mean(clicks))
        progress.advance()
    return np.array(means, dtype=float)


def _refuse_stopped(progress: Progress) -> None:
    if progress.cancelled():
        raise _stopped()


def _stopped() -> Cancelled:
    return Cancelled(
        "The comparison with the prior was stopped.",
        kept="The new model is kept, and proposes, though it may cost more clicks than the prior.",
        remedy="Train again to find out.",
    )


def _margin(mine: Floats, others: Floats) -> float:
    """By which another has to be better than what has proposed before: two standard errors of the
    difference. Few labels tell little of who is better, and going back costs as many clicks as not
    going forward.

    mine, others: (C,) clicks in each case.
    """
    apart = mine - others
    if len(apart) < _FEWEST_CASES:
        return float(abs(apart.mean()))
    return float(_STANDARD_ERRORS * apart.std(ddof=1) / math.sqrt(len(apart)))
