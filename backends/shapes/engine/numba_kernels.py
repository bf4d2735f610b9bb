"""The loops compiled by numba. Imported by `kernels` when asked, since numba is slow to import.

The machine code is kept in the user's cache folder, so only the first use after an installation
compiles (seconds); later ones load it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
import platformdirs

from landmark_annotator.backends.shapes.engine import numba_loops
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

_Result = TypeVar("_Result")

_STEEPEST = 1000.0
_FARTHEST = 400.0
"""Where single precision is enough: clicks on a prior, no sharper than a thousandth of the box,
and not farther from the likeliest class than 20 deviations. Log-weights are then right to 1e-4,
and means to less than a thousandth of a pixel; beyond, everything is computed in double."""


def _compile(function: Callable[..., _Result], *signatures: str) -> Callable[..., _Result]:
    # Numba reads the folder when a function is declared; what others set is put back.
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = platformdirs.user_cache_dir("landmark-annotator", appauthor=False)
    try:
        # Contraction (fused multiply-add) keeps infinities as they are; other shortcuts do not.
        compiled: Any = numba.njit(
            list(signatures), cache=True, nogil=True, error_model="numpy", fastmath={"contract"}
        )(function)
    finally:
        settings.CACHE_DIR = before
    return compiled  # type: ignore[no-any-return]


class CompiledKernels:
    """The functions of `kernels.Kernels` for float32 exemplars. Safe to use from any thread."""

    def __init__(self) -> None:
        self._reweigh = _compile(
            numba_loops.reweigh,
            "void(f4[:,::1], i8[::1], f4[::1], f4[:,::1], i8[::1], f4[::1], f8[::1], f8[::1], "
            "f8[::1])",
            "void(f4[:,::1], i8[::1], f8[::1], f8[:,::1], i8[::1], f8[::1], f8[::1], f8[::1], "
            "f8[::1])",
        )
        self._gather = _compile(numba_loops.gather, "void(f4[::1], i8[::1], f4[::1])")
        self._terms = _compile(numba_loops.terms, "f8(f8[::1], f8, f4[::1])")
        self._sample = _compile(numba_loops.sample, "i8(f4[::1], f4, i8[::1], f4[::1])")
        self._leading = _compile(
            numba_loops.leading, "Tuple((i8[::1], f8[::1]))(i8[::1], f8[::1], f8)"
        )
        self._moments = _compile(
            numba_loops.moments,
            "Tuple((f8[::1], f8[::1], f8[::1], f8[:,::1]))"
            "(f4[:,::1], i8[::1], f8[::1], f4[::1], i8[::1])",
        )
        self._scatter = _compile(
            numba_loops.scatter, "f8[:,::1](f4[:,::1], i8[::1], f8[::1], f4[::1])"
        )

    def reweigh(
        self,
        columns: AnyFloats,
        rows: Ints,
        reference: Floats,
        whitening: Floats,
        target: Floats,
        base: Floats,
        before: Floats | None = None,
    ) -> tuple[Floats, Floats]:
        padded = np.zeros((len(target), -(-len(rows) // 4) * 4))
        padded[:, : len(rows)] = whitening
        # Columns that are zero from some point on, as in a triangle, are not worked on.
        used = np.where(whitening != 0, np.arange(1, len(rows) + 1), 0).max(axis=1)
        widths = -(-used.reshape(-1, 2).max(axis=1) // 4) * 4
        out = np.empty(len(base))

        def start() -> Floats:
            return np.zeros(len(base)) if before is None else before.copy()

        if not target.any() and np.abs(whitening).max() <= _STEEPEST:
            single = [part.astype(np.float32) for part in (reference, padded)]
            zeros, squares = target.astype(np.float32), start()
            self._reweigh(columns, rows, *single, widths, zeros, base, squares, out)
            if squares[np.argmax(out)] <= _FARTHEST:
                return out, squares
        squares = start()
        self._reweigh(columns, rows, reference, padded, widths, target, base, squares, out)
        return out, squares

    def gather(self, column: AnyFloats, places: Ints, out: AnyFloats) -> None:
        self._gather(column, places, out)

    def terms(self, log_weights: Floats, highest: float) -> tuple[AnyFloats, float]:
        found = np.empty(len(log_weights), dtype=np.float32)
        return found, self._terms(log_weights, highest, found)

    def sample(self, terms: AnyFloats, step: float) -> tuple[Ints, Floats]:
        chosen, kept = np.empty(len(terms), np.int64), np.empty(len(terms), np.float32)
        count = self._sample(terms, np.float32(step), chosen, kept)
        return chosen[:count].copy(), kept[:count].astype(np.float64)

    def leading(self, classes: Ints, weights: Floats, mass: float) -> tuple[Ints, Floats]:
        return self._leading(classes, weights, mass)

    def moments(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats, rows: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        padded = np.pad(rows, (0, 1)) if len(rows) % 2 else rows
        sums, squares, products, cross = self._moments(shapes, chosen, weights, centre, padded)
        return sums, squares, products[::2], cross[: len(rows)]

    def scatter(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats
    ) -> Floats:
        lower = self._scatter(shapes, chosen, weights, centre)
        return np.asarray(lower + np.tril(lower, -1).T)
