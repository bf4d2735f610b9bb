"""Does a trained network cost fewer clicks than the prior? Cross-validated on held-out labels."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from annotator.session.simulation import simulate_clicks
from backends.registry import Backend
from backends.shapes import Proposal, prior_proposal, shape_prior
from projects.vocabulary import LabelledInstance, Scheme
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import ImageError, TooFewLabels

_FILE = "against_prior.json"
_CLICKS = 3
_MOST_INSTANCES = 24
_BOX_DEVIATION = 0.05
"""How differently people draw one box: shift in sides, and log scale."""


@dataclass(frozen=True)
class Comparison:
    """Mean NME in percent on the same held-out instances after 0, 1, ... clicks on the worst
    point, by a network and by the prior from the instances that the network learned from."""

    instances: int
    network: tuple[float, ...]
    prior: tuple[float, ...]

    @property
    def network_helps(self) -> bool:
        """By the area under the two curves: a better start counts, and so does what clicks do."""
        return sum(self.network) < sum(self.prior)

    @property
    def sentence(self) -> str:
        """What a person is told of it."""
        network, prior = (f"{e[0]:.1f} % and {e[1]:.1f} %" for e in (self.network, self.prior))
        return (
            f"On {self.instances} held-out shapes it is off by {network} without a click and after "
            f"one; the prior by {prior}."
        )

    @classmethod
    def read(cls, model_folder: Path) -> "Comparison | None":
        """Of the model in this folder; None where none was made."""
        try:
            content = json.loads((model_folder / _FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(content["instances"], tuple(content["network"]), tuple(content["prior"]))


def compare_with_prior(
    backend: Backend,
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    model_folder: Path,
    seed: int = 0,
) -> Comparison | None:
    """Compares the model just trained and keeps the answer beside it.

    instances: those that it was trained with. None, and nothing is kept, where it held out none
    that is completely labelled.
    """
    held_out = set(backend.held_out(model_folder))
    learned = [(each.box, each.shape) for each in instances if each.key not in held_out]
    judged = [each for each in instances if each.key in held_out and each.shape.complete]
    (model_folder / _FILE).unlink(missing_ok=True)
    if not judged or not learned:
        return None
    try:
        mixture = shape_prior(learned, scheme)
    except TooFewLabels:  # Sparse labels, of which a network may still learn.
        return None
    model = backend.load(model_folder, scheme)
    network, prior = [], []
    for index, instance in enumerate(judged[:_MOST_INSTANCES]):
        random = np.random.default_rng((seed, index))
        x, y, size = (float(v) for v in random.normal(0, _BOX_DEVIATION, 3))
        box = instance.box.moved((x, y), float(np.exp(size)))
        noise = random.normal(size=instance.shape.points.shape)
        try:
            proposed = model.propose(instance.read_pixels(), box)
        except ImageError:
            continue
        network.append(_errors(proposed, instance, scheme, noise))
        prior.append(_errors(prior_proposal(mixture, box, scheme), instance, scheme, noise))
    if not network:
        return None
    found = Comparison(len(network), _means(network), _means(prior))
    (model_folder / _FILE).write_text(json.dumps(asdict(found)) + "\n", encoding="utf-8")
    return found


def _errors(
    proposal: Proposal, instance: LabelledInstance, scheme: Scheme, noise: Floats
) -> Floats:
    """(_CLICKS + 1,) NME in percent."""
    truth = instance.shape.points
    run = simulate_clicks(
        proposal,
        truth,
        scheme,
        rule="mixture",
        policy="worst",
        clicks=min(_CLICKS, len(truth)),
        normaliser_length=scheme.normaliser_length(truth, instance.box),
        click_noise=noise,
    )
    return run.nme


def _means(errors: list[Floats]) -> tuple[float, ...]:
    return tuple(round(float(mean), 3) for mean in np.mean(errors, axis=0))
