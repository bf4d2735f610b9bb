"""The steps of a click that touch many classes: in numpy, or compiled where that is there.

`compile_now` brings numba in; until then, without it, or for float64 exemplars, numpy gives the
same answer more slowly. Importing this module imports neither numba nor what is compiled.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from landmark_annotator.backends.shapes.engine.numba_loops import GOLDEN
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

COMPILED_FROM = 8192
"""Classes from which on the compiled code is worth its overhead."""

_BLOCK = 8192
"""Classes at a time, so that intermediate results stay in the cache."""


class Kernels(Protocol):
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
        """(K,) base - squares / 2, and the squares (K,):
        before + |target + whitening @ (reference - columns[rows])|^2.

        columns: (c, at least K), rows and reference: (R,), whitening: (2E, R), target: (2E,),
        base: (K,), before: (K,), by default nought.
        """

    def gather(self, column: AnyFloats, places: Ints, out: AnyFloats) -> None:
        """out = column[places]."""

    def terms(self, log_weights: Floats, highest: float) -> tuple[AnyFloats, float]:
        """exp(log_weights - highest) (n,), and the sum of them."""

    def sample(self, terms: AnyFloats, step: float) -> tuple[Ints, Floats]:
        """Some of the classes, ascending, each taken with the probability term / step, and what
        each stands for (n,): its term, or a step where that is more. Which are taken is fixed by
        where they are among the terms."""

    def leading(self, classes: Ints, weights: Floats, mass: float) -> tuple[Ints, Floats]:
        """The fewest of the classes (n,) whose weights (n,) hold `mass`, in the order given, their
        weights rescaled to sum to one."""

    def moments(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats, rows: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Weighted sums of d = shapes[chosen] - centre: of d (2L,), of its squares (2L,), of x y
        of each landmark (L,), and of d[rows] dᵀ (R, 2L).

        shapes: (K, 2L), chosen: (n,), weights: (n,), centre: (2L,), rows: (R,).
        """

    def scatter(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats
    ) -> Floats:
        """(2L, 2L) the weighted sum of d dᵀ, of the same d."""


class NumpyKernels:
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
        squares = np.zeros(len(base)) if before is None else before.copy()
        for start in range(0, len(base), _BLOCK):
            block = slice(start, min(start + _BLOCK, len(base)))
            left = whitening @ (reference[:, None] - columns[rows, block])
            left += target[:, None]
            squares[block] += np.einsum("ek,ek->k", left, left)
        return base - 0.5 * squares, squares

    def gather(self, column: AnyFloats, places: Ints, out: AnyFloats) -> None:
        # None is outside, and to wrap is the fastest way not to look.
        np.take(column, places, out=out, mode="wrap")

    def terms(self, log_weights: Floats, highest: float) -> tuple[AnyFloats, float]:
        found = np.exp(log_weights - highest)
        return found, float(found.sum())

    def sample(self, terms: AnyFloats, step: float) -> tuple[Ints, Floats]:
        places = np.arange(len(terms), dtype=np.uint32)
        scattered = (places * np.uint32(GOLDEN)) >> np.uint32(8)
        shares = (scattered.astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-24)
        chosen = np.flatnonzero(terms > step * shares)
        return chosen, np.maximum(terms[chosen], step).astype(np.float64)

    def leading(self, classes: Ints, weights: Floats, mass: float) -> tuple[Ints, Floats]:
        order = np.argsort(-weights, kind="stable")
        count = int(np.searchsorted(np.cumsum(weights[order]), mass)) + 1
        kept = np.sort(order[:count])
        leading = weights[kept]
        return classes[kept], leading / leading.sum()

    def moments(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats, rows: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        size = shapes.shape[1]
        sums, squares, products = np.zeros(size), np.zeros(size), np.zeros(size // 2)
        cross = np.zeros((len(rows), size))
        for start in range(0, len(chosen), _BLOCK):
            deviations = shapes[chosen[start : start + _BLOCK]] - centre
            weighted = deviations * weights[start : start + _BLOCK, None].astype(shapes.dtype)
            sums += weighted.sum(axis=0, dtype=np.float64)
            squares += np.einsum("na,na->a", weighted, deviations, dtype=np.float64)
            products += np.einsum(
                "nl,nl->l", weighted[:, ::2], deviations[:, 1::2], dtype=np.float64
            )
            cross += weighted[:, rows].T @ deviations
        return sums, squares, products, cross

    def scatter(
        self, shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats
    ) -> Floats:
        deviations = shapes[chosen] - centre
        deviations *= np.sqrt(weights).astype(shapes.dtype)[:, None]
        return np.asarray(deviations.T @ deviations, dtype=np.float64)


_numpy = NumpyKernels()
_compiled: Kernels | None = None
_lock = threading.Lock()


def kernels(shapes: AnyFloats) -> Kernels:
    """The fastest that are ready for exemplars of this number and type."""
    suited = len(shapes) >= COMPILED_FROM and shapes.dtype == np.float32
    return _compiled if suited and _compiled is not None else _numpy


def compile_now() -> bool:
    """Loads the compiled kernels, the first time in seconds. False where numba is missing.

    May be called from any thread, any number of times.
    """
    global _compiled
    with _lock:
        if _compiled is None:
            try:
                from landmark_annotator.backends.shapes.engine.numba_kernels import CompiledKernels
            except ImportError:
                return False
            _compiled = CompiledKernels()
        return True


@contextmanager
def numpy_only() -> Iterator[None]:
    """Without the compiled kernels while this lasts, in all threads: to compare the two."""
    global _compiled
    before, _compiled = _compiled, None
    try:
        yield
    finally:
        _compiled = before
