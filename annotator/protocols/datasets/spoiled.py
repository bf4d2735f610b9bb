"""Label sets of which a seeded program has spoiled a few, and which ones, to see if they are found.

Half of the mistakes of labelling: a landmark moved by a tenth of the normaliser, two neighbours
exchanged, a shape mirrored without exchanging left and right, another object's shape in the box.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

KINDS = ("moved", "swapped", "mirrored", "another")
_MOVED = 0.1
"""Of the normaliser."""


@dataclass(frozen=True)
class Spoiling:
    """index: of the instance. landmarks: those that are wrong; empty where the whole shape is."""

    index: int
    kind: str
    landmarks: tuple[int, ...]


def spoiled(
    instances: Sequence[LabelledInstance], scheme: Scheme, seed: int, share: float = 0.05
) -> tuple[list[LabelledInstance], list[Spoiling]]:
    """The instances with a share of them spoiled, of each kind as many as of the others, and what
    was done. Boxes stay. What is not labelled stays so."""
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(instances))[: round(share * len(instances))].tolist()
    done: list[LabelledInstance] = list(instances)
    found = []
    for number, index in enumerate(chosen):
        # The kind that begins is another for each seed, so that all come up equally often.
        kind = KINDS[(number + seed) % len(KINDS)]
        points, landmarks = _spoiled(kind, instances, index, scheme, random)
        done[index] = replace(instances[index], shape=Shape(points))
        found.append(Spoiling(index, kind, landmarks))
    return done, found


def _spoiled(
    kind: str,
    instances: Sequence[LabelledInstance],
    index: int,
    scheme: Scheme,
    random: np.random.Generator,
) -> tuple[Floats, tuple[int, ...]]:
    box, truth = instances[index].box, instances[index].shape.points
    points, known = truth.copy(), np.flatnonzero(instances[index].shape.known)
    if kind == "moved":
        landmark = int(known[random.integers(len(known))])
        angle = random.uniform(0, 2 * np.pi)
        length = _MOVED * scheme.normaliser_length(truth, box)
        points[landmark] += length * np.array([np.cos(angle), np.sin(angle)])
        return points, (landmark,)
    if kind == "swapped":
        pairs = scheme.edges or _nearest(truth)
        pairs = tuple(pair for pair in pairs if np.isfinite(truth[list(pair)]).all())
        one, other = pairs[int(random.integers(len(pairs)))]
        points[[one, other]] = truth[[other, one]]
        return points, (one, other)
    if kind == "mirrored":
        points[:, 0] = 2 * box.centre_x - points[:, 0]
        return points, ()
    others = [i for i in range(len(instances)) if i != index]
    other_one = instances[others[int(random.integers(len(others)))]]
    return box.to_image(other_one.box.to_frame(other_one.shape.points)), ()


def _nearest(points: Floats) -> tuple[tuple[int, int], ...]:
    """Each landmark and the one that is nearest to it, for schemes without edges."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = np.nan_to_num(distances, nan=np.inf).argmin(axis=1)
    return tuple((i, int(j)) for i, j in enumerate(nearest))
