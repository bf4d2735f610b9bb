"""Who is labelled how in the protocols `fill` and `weak`: the set-up of the thesis's table 5.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import BOX_ERROR, aimed, jittered
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.projects.budgets import affinity, sparse_formats, tie_broken
from landmark_annotator.projects.budgets.known_formats import (
    INNER,
    KNOWN_FORMATS,
    WHOLE,
    counterpart,
)
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

RATIOS = (5, 10, 25)
"""Percent of the training faces that are labelled densely."""
_SECONDS = 60.0
"""For a search. Long, because what it finds may not depend on how busy the machine is."""


@dataclass(frozen=True)
class Format:
    """name: such as m19 or aflw19. within: the landmarks that the figures are of; landmarks: those
    that are clicked, numbered among `within`. c: their minimum affinity on the dense part."""

    name: str
    within: tuple[int, ...]
    landmarks: tuple[int, ...]
    c: float

    def __len__(self) -> int:
        return len(self.landmarks)

    def scheme(self) -> Scheme:
        """That of the landmarks within alone."""
        face = Scheme.named("face68")
        place = {j: i for i, j in enumerate(self.within)}
        partners = [(place[a], place[b]) for a, b in face.partners if a in place and b in place]
        return Scheme(
            f"face{len(self.within)}",
            tuple(face.landmarks[j] for j in self.within),
            partners=tuple(partners),
            normaliser=(place[36], place[45]),
        )


@dataclass(frozen=True, eq=False)
class Draw:
    """faces: N training faces. dense and sparse: which of them are labelled how. clicks: (N, 68, 2)
    where a person would click; boxes: N as a hand or a detector draws them."""

    faces: Sequence[LabelledInstance]
    dense: Ints
    sparse: Ints
    clicks: Floats
    boxes: Sequence[Box]

    @classmethod
    def of(cls, faces: Sequence[LabelledInstance], ratio: float, seed: int) -> "Draw":
        """ratio: percent that is dense. More of them include the fewer ones of the same seed."""
        random = np.random.default_rng((seed, 11))
        order = random.permutation(len(faces))
        count = round(ratio / 100 * len(faces))
        truths = np.stack([face.shape.points for face in faces])
        lengths = np.linalg.norm(truths[:, 36] - truths[:, 45], axis=1)
        clicks = aimed(truths, random.normal(size=truths.shape), lengths[:, None, None])
        boxes = [jittered(f.box, BOX_ERROR, seed, i) for i, f in enumerate(faces)]
        return cls(faces, np.sort(order[:count]), np.sort(order[count:]), clicks, boxes)

    @cached_property
    def truths(self) -> Floats:
        """(N, 68, 2)."""
        return np.stack([face.shape.points for face in self.faces])

    @cached_property
    def lengths(self) -> Floats:
        """(N,) distances of the outer eye corners."""
        return np.asarray(np.linalg.norm(self.truths[:, 36] - self.truths[:, 45], axis=1))

    def searched(self, m: int, within: tuple[int, ...] = WHOLE) -> Format:
        """The best format of m points, by the dense part alone."""
        matrix = affinity(self.truths[self.dense][:, list(within)]).matrix
        [found] = sparse_formats(matrix, [m], seconds=_SECONDS)
        face = Scheme.named("face68")
        place = {j: i for i, j in enumerate(within)}
        mirror = [place[face.mirror[j]] for j in within]
        told = tie_broken(matrix, found, mirror=mirror, seconds=_SECONDS)
        return Format(f"m{m}", within, tuple(told.landmarks), told.c_hat)

    def known(self, name: str) -> Format:
        """A format that exists, with the counterparts that the dense part prefers."""
        [known] = [k for k in KNOWN_FORMATS if k.name == name]
        inside = list(known.within)
        matrix = affinity(self.truths[self.dense][:, inside]).matrix
        chosen = counterpart(known, matrix)
        landmarks = tuple(inside.index(j) for j in chosen)
        c = float(matrix[list(landmarks)].max(axis=0).min())
        return Format(name, known.within, landmarks, c)

    def pairs(self) -> list[tuple[Format, Format]]:
        """The searched format and the one that exists, at equal m: on all points, on the inner."""
        return [
            (self.searched(19), self.known("aflw19")),
            (self.searched(5, INNER), self.known("mafl5")),
        ]

    def sparse_points(self, index: int, format: Format) -> Floats:
        """(M, 2) the clicks on one face, NaN elsewhere."""
        points = np.full((len(format.within), 2), np.nan)
        chosen = list(format.landmarks)
        points[chosen] = self.clicks[index][list(format.within)][chosen]
        return points

    def instances(self, format: Format) -> list[LabelledInstance]:
        """All N as training gets them: the dense ones with all landmarks, in their own boxes."""
        found: list[LabelledInstance] = []
        dense = set(self.dense.tolist())
        for index, face in enumerate(self.faces):
            if index in dense:
                shape, box = Shape(face.shape.points[list(format.within)]), face.box
            else:
                shape, box = Shape(self.sparse_points(index, format)), self.boxes[index]
            found.append(LabelledInstance(face.key, box, shape, face.read_pixels))
        return found

    def error(self, filled: Floats, format: Format, chosen: Ints) -> float:
        """Mean NME in percent of filled shapes (n, M, 2) of the chosen faces."""
        truths = self.truths[chosen][:, list(format.within)]
        distances = np.linalg.norm(filled - truths, axis=2) / self.lengths[chosen, None]
        return float(100 * distances.mean())

    def visible_error(self, filled: Floats, format: Format, chosen: Ints) -> float:
        """As `error`, of what an eye sees; contours are those of the whole face."""
        return float(
            np.mean(
                [
                    visible_error_within(points, self.truths[i], format.within, self.lengths[i])
                    for points, i in zip(filled, chosen.tolist(), strict=True)
                ]
            )
        )


def visible_error_within(
    points: Floats, truth: Floats, within: Sequence[int], length: float
) -> float:
    """Of points (M, 2), which are these of the 68 landmarks of the truth, in percent."""
    whole = np.full_like(truth, np.nan)
    whole[list(within)] = points
    return visible_nme(whole, truth, Scheme.named("face68"), length)
