"""The steps of a click that touch many classes: in numpy, or compiled where that is there.

`compile_now` brings numba in; until then, without it, or for float64 exemplars, numpy gives the
same answer more slowly. Importing this module imports neither numba nor what is compiled.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from projects.vocabulary.arrays import AnyFloats, Floats, Ints

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
    ) -> Floats:
        """(K,) base - |target + whitening @ (reference - columns[rows])|^2 / 2.

        columns: (2L, K), rows and reference: (R,), whitening: (2E, R), target: (2E,), base: (K,).
        """

    def candidates(
        self, log_weights: Floats, highest: float, least: float
    ) -> tuple[float, Ints, Floats]:
        """The sum of exp(log_weights - highest), and the classes, ascending, whose term reaches
        `least`, with their terms."""

    def deviations(
        self,
        shapes: AnyFloats,
        chosen: Ints,
        weights: Floats,
        centre: AnyFloats,
        rows: Ints,
        gain: Floats,
    ) -> tuple[AnyFloats, Floats, Floats, Floats]:
        """How the chosen classes deviate, d = shapes[chosen] - centre, and move, d - gain d[rows].

        shapes: (K, 2L), chosen: (n,), weights: (n,), centre: (2L,), gain: (2L, R). Returns the
        moved deviations times the root of the weight (n, 2L), and the weighted sums of the moved
        deviations (2L,), of their squares (2L,) and of x y of each landmark (L,).
        """

    def scatter(self, rows: AnyFloats) -> Floats:
        """(2L, 2L) rowsᵀ rows, of (n, 2L)."""


class NumpyKernels:
    def reweigh(
        self,
        columns: AnyFloats,
        rows: Ints,
        reference: Floats,
        whitening: Floats,
        target: Floats,
        base: Floats,
    ) -> Floats:
        out = np.empty(len(base))
        for start in range(0, len(base), _BLOCK):
            block = slice(start, start + _BLOCK)
            left = whitening @ (reference[:, None] - columns[rows, block])
            left += target[:, None]
            out[block] = base[block] - 0.5 * np.einsum("ek,ek->k", left, left)
        return out

    def candidates(
        self, log_weights: Floats, highest: float, least: float
    ) -> tuple[float, Ints, Floats]:
        total = 0.0
        classes, terms = [], []
        for start in range(0, len(log_weights), _BLOCK):
            block = np.exp(log_weights[start : start + _BLOCK] - highest)
            total += float(block.sum())
            chosen = np.flatnonzero(block >= least)
            classes.append(chosen + start)
            terms.append(block[chosen])
        return total, np.concatenate(classes), np.concatenate(terms)

    def deviations(
        self,
        shapes: AnyFloats,
        chosen: Ints,
        weights: Floats,
        centre: AnyFloats,
        rows: Ints,
        gain: Floats,
    ) -> tuple[AnyFloats, Floats, Floats, Floats]:
        moved = shapes[chosen]
        moved -= centre
        moved -= moved[:, rows] @ gain.T.astype(moved.dtype)
        sums = np.asarray(weights @ moved, dtype=np.float64)
        moved *= np.sqrt(weights).astype(moved.dtype)[:, None]
        squares = np.einsum("na,na->a", moved, moved, dtype=np.float64)
        products = np.einsum("nl,nl->l", moved[:, ::2], moved[:, 1::2], dtype=np.float64)
        return moved, sums, squares, products

    def scatter(self, rows: AnyFloats) -> Floats:
        return np.asarray(rows.T @ rows, dtype=np.float64)


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
                from backends.shapes.compiled import CompiledKernels
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
