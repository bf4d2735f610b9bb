"""The classifier's shape refined by a cascade of linear regressors of its pose class.

Li, Jeni and Ramanan, "Brute-Force Facial Landmark Analysis With A 140,000-Way Classifier" (AAAI
2018), section 3.4, with the cascade of Xiong and De la Torre, "Supervised Descent Method" (CVPR
2013). What all classes share is learned once; a class adds a small correction of its own.

Letters: C pose classes, T levels, L landmarks, q numbers kept of each landmark's descriptor,
F = qL + 1 features (the last is always one), u features and s modes that corrections use.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.learning.local_features import describe, gradient_maps, grey_crop
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

UNIT = 0.01
"""Sides of the box that regressors count in, so that weights keep their precision in float16."""


@dataclass(frozen=True, eq=False)
class Correction:
    """What pose classes add to the shared step: features -> u -> s -> 2L.

    features: (F, u); weights: (C, u, s); modes: (s, 2L).
    """

    features: AnyFloats
    weights: AnyFloats
    modes: AnyFloats

    def step(self, features: AnyFloats, pose_class: int) -> AnyFloats:
        """(P, F) features of shapes of one class to (P, 2L) in UNITs."""
        return np.asarray(features @ self.features @ self.weights[pose_class] @ self.modes)


@dataclass(frozen=True, eq=False)
class Level:
    """One regressor of the cascade.

    cell: side in pixels of a descriptor's cells. centre: (L, D) and basis: (L, D, q) reduce the
    descriptors. weights: (F, 2L) the shared step in UNITs.
    """

    cell: int
    centre: AnyFloats
    basis: AnyFloats
    weights: AnyFloats
    correction: Correction | None = None

    def features(self, maps: AnyFloats, shapes: AnyFloats) -> AnyFloats:
        """(P, F) float32 of shapes (P, L, 2) on one crop's gradient maps."""
        return reduced(describe(maps, shapes, self.cell), self.centre, self.basis)

    def step(self, features: AnyFloats, pose_class: int) -> AnyFloats:
        """(P, F) to the move (P, L, 2) in the box frame."""
        move = features @ self.weights
        if self.correction is not None:
            move = move + self.correction.step(features, pose_class)
        return np.asarray(UNIT * move.reshape(len(features), -1, 2))


@dataclass(frozen=True, eq=False)
class PoseRegressors:
    """centres: (C, L, 2) the pose classes' mean shapes. mirror: (L,) partners where shapes may be
    mirrored, else None. Without levels, shapes stay as they are."""

    centres: AnyFloats
    levels: tuple[Level, ...]
    mirror: tuple[int, ...] | None = None

    @classmethod
    def none(cls, shapes: AnyFloats) -> "PoseRegressors":
        """One pose class, the mean of the shapes (n, L, 2), and no level."""
        return cls(shapes.mean(axis=0)[None], ())

    def refine(self, pixels: Pixels, box: Box, initial: AnyFloats) -> Floats:
        """(L, 2) refined from the initial shape (L, 2), both in the frame of the canonical box.

        Where the scheme has partners, image and mirror image are refined and averaged.
        """
        if not self.levels:
            return np.asarray(initial, dtype=np.float64)
        refined = self._descend(grey_crop(pixels, box), initial)
        if self.mirror is None:
            return refined
        turned = self._descend(
            grey_crop(pixels, box, flip=True), flipped(initial[None], self.mirror)[0]
        )
        return np.asarray((refined + flipped(turned[None], self.mirror)[0]) / 2)

    def _descend(self, grey: Pixels, initial: AnyFloats) -> Floats:
        maps = gradient_maps(grey)
        pose_class = int(nearest(initial[None], self.centres)[0])
        shapes = np.asarray(initial, dtype=np.float64)[None]
        for level in self.levels:
            shapes = shapes + level.step(level.features(maps, shapes), pose_class)
        return np.asarray(shapes[0])

    def to_arrays(self) -> dict[str, AnyFloats]:
        """Named arrays, weights in float16."""
        arrays: dict[str, AnyFloats] = {"centres": self.centres.astype(np.float16)}
        arrays["cells"] = np.array([level.cell for level in self.levels], dtype=np.float16)
        for index, level in enumerate(self.levels):
            parts = {"centre": level.centre, "basis": level.basis, "weights": level.weights}
            if level.correction is not None:
                parts["class_features"] = level.correction.features
                parts["class_weights"] = level.correction.weights
                parts["class_modes"] = level.correction.modes
            arrays |= {f"{index}.{k}": v.astype(np.float16) for k, v in parts.items()}
        return arrays

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, AnyFloats], mirror: tuple[int, ...] | None
    ) -> "PoseRegressors":
        """The inverse, to the precision of float16. Raises KeyError where an array is missing."""
        wide = {name: array.astype(np.float32) for name, array in arrays.items()}
        levels = []
        for index, cell in enumerate(wide["cells"]):
            part = f"{index}."
            correction = None
            if part + "class_weights" in wide:
                names = ("class_features", "class_weights", "class_modes")
                correction = Correction(*(wide[part + name] for name in names))
            centre, basis, weights = (wide[part + name] for name in ("centre", "basis", "weights"))
            levels.append(Level(int(cell), centre, basis, weights, correction))
        return cls(wide["centres"], tuple(levels), mirror)


def reduced(descriptors: AnyFloats, centre: AnyFloats, basis: AnyFloats) -> AnyFloats:
    """(P, L, D) descriptors to (P, F) features."""
    count = len(descriptors)
    kept = np.matmul((descriptors - centre).transpose(1, 0, 2), basis).transpose(1, 0, 2)
    ones = np.ones((count, 1), dtype=np.float32)
    return np.concatenate([kept.reshape(count, -1), ones], axis=1)


def nearest(
    shapes: AnyFloats, centres: AnyFloats
) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """(n,) the pose class of each shape (n, L, 2): the nearest of the centres (C, L, 2)."""
    flat, others = shapes.reshape(len(shapes), -1), centres.reshape(len(centres), -1)
    return np.asarray(((others**2).sum(axis=1) - 2 * flat @ others.T).argmin(axis=1))


def flipped(shapes: AnyFloats, mirror: tuple[int, ...]) -> AnyFloats:
    """(n, L, 2) shapes of the canonical frame as seen in a mirror."""
    return np.asarray(shapes[:, list(mirror)] * np.array([-1.0, 1.0]))
