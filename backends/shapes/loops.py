"""The inner loops as numba compiles them (`compiled`). Plain Python, and far too slow as such.

On one core: the others may be training, and threads that wait for a busy core lose more time than
they save in a step of a millisecond.

The innermost loops run over a block of classes that fits the first-level cache, element by
element and without branches, so that the compiler turns them into vector instructions. Arithmetic
is in float64 wherever the exemplars, stored as float32, would lose by it.
"""

import math

import numpy as np

from projects.vocabulary.arrays import AnyFloats, Floats, Ints

BLOCK = 256
"""Classes that are worked on at a time. Loops count blocks and multiply: of a range with a step
the compiler does not know that its indices are never negative, and then uses no vectors."""

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SERIES = tuple(1.0 / math.factorial(n) for n in range(13))
_NEGLIGIBLE = -60.0
"""Log of a term that even a million times leaves a sum in float64 as it is, beside a one."""
_ROUNDER = 6755399441055744.0
"""1.5 * 2**52: added to a small number, it leaves the nearest whole number in the lowest bits."""


def reweigh(
    columns: AnyFloats,
    rows: Ints,
    reference: AnyFloats,
    whitening: AnyFloats,
    widths: Ints,
    target: AnyFloats,
    base: Floats,
    out: Floats,
) -> None:
    """out = base - |target + whitening @ (reference - columns[rows])|^2 / 2 for every class.

    In the precision of the whitening. whitening: (E, R) with E even and R a multiple of four,
    padded by zeros; widths: (E / 2,) how many of its columns count in each pair of rows.
    """
    kind = whitening.dtype
    x = np.zeros((whitening.shape[1], BLOCK), kind)
    first, second, square = np.empty(BLOCK, kind), np.empty(BLOCK, kind), np.empty(BLOCK, kind)
    for block in range(-(-len(base) // BLOCK)):
        low = block * BLOCK
        count = min(BLOCK, len(base) - low)
        for j in range(len(rows)):
            column, at = columns[rows[j]], reference[j]
            for k in range(count):
                x[j, k] = at - column[low + k]
        square[:] = 0
        for pair in range(len(widths)):
            i = 2 * pair
            first[:] = target[i]
            second[:] = target[i + 1]
            # Two rows and four columns at a time: each number that is loaded is used twice.
            for j in range(0, widths[pair], 4):
                a0, b0 = whitening[i, j], whitening[i + 1, j]
                a1, b1 = whitening[i, j + 1], whitening[i + 1, j + 1]
                a2, b2 = whitening[i, j + 2], whitening[i + 1, j + 2]
                a3, b3 = whitening[i, j + 3], whitening[i + 1, j + 3]
                for k in range(BLOCK):
                    x0, x1, x2, x3 = x[j, k], x[j + 1, k], x[j + 2, k], x[j + 3, k]
                    first[k] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
                    second[k] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
            for k in range(BLOCK):
                square[k] += first[k] * first[k] + second[k] * second[k]
        for k in range(count):
            out[low + k] = base[low + k] - 0.5 * np.float64(square[k])


def candidates(
    log_weights: Floats, highest: float, least: float, chosen: Ints, terms: Floats
) -> tuple[float, int]:
    """The sum of exp(log_weights - highest), and how many terms reach `least`.

    Those are written to `chosen` and `terms`, in the order of the classes.
    """
    power, value, sums = np.empty(BLOCK), np.empty(BLOCK), np.zeros(BLOCK)
    bits = power.view(np.int64)
    found = 0
    for block in range(-(-len(log_weights) // BLOCK)):
        low = block * BLOCK
        count = min(BLOCK, len(log_weights) - low)
        value[:] = -np.inf
        near = 0
        for k in range(count):
            value[k] = log_weights[low + k] - highest
            near += value[k] > _NEGLIGIBLE
        if near == 0:
            continue
        for k in range(BLOCK):
            d = value[k] if value[k] > -700.0 else -700.0
            shifted = d * _LOG2E + _ROUNDER
            whole = shifted - _ROUNDER
            r = d - whole * _LN2_HIGH - whole * _LN2_LOW
            # exp(r) by its series to r^12, |r| <= ln(2) / 2, by Horner's rule.
            p = _SERIES[12] * r + _SERIES[11]
            p = p * r + _SERIES[10]
            p = p * r + _SERIES[9]
            p = p * r + _SERIES[8]
            p = p * r + _SERIES[7]
            p = p * r + _SERIES[6]
            p = p * r + _SERIES[5]
            p = p * r + _SERIES[4]
            p = p * r + _SERIES[3]
            p = p * r + _SERIES[2]
            p = p * r + _SERIES[1]
            value[k] = p * r + 1.0
            power[k] = shifted
        for k in range(BLOCK):
            bits[k] = (bits[k] << 52) + (1023 << 52)  # 2 ** whole, by its exponent
        likely = 0
        for k in range(BLOCK):
            value[k] *= power[k]
            sums[k] += value[k]
            likely += value[k] >= least
        if likely > 0:
            for k in range(count):
                if value[k] >= least:
                    chosen[found] = low + k
                    terms[found] = value[k]
                    found += 1
    return sums.sum(), found


def deviations(
    shapes: AnyFloats,
    chosen: Ints,
    weights: Floats,
    centre: AnyFloats,
    rows: Ints,
    gain: AnyFloats,
    out: AnyFloats,
) -> tuple[Floats, Floats, Floats]:
    """out[i] = sqrt(weights[i]) * (d - d[rows] @ gain), d = shapes[chosen[i]] - centre.

    shapes: (K, 2L), gain: (R, 2L) with R a multiple of four, padded by zeros. Returns the
    weighted sums (2L,) of the deviations, of their squares and of each one's product with the
    next.
    """
    size = shapes.shape[1]
    sums, squares, products = np.zeros(size), np.zeros(size), np.zeros(size)
    part, part2, part3 = (
        np.empty(size, out.dtype),
        np.empty(size, out.dtype),
        np.empty(size, out.dtype),
    )
    moved = np.empty(size, out.dtype)
    for low in range(0, len(chosen), BLOCK):
        part[:] = 0
        part2[:] = 0
        part3[:] = 0
        for i in range(low, min(low + BLOCK, len(chosen))):
            shape = shapes[chosen[i]]
            for a in range(size):
                moved[a] = shape[a] - centre[a]
            for r in range(0, len(rows), 4):
                b0 = shape[rows[r]] - centre[rows[r]]
                b1 = shape[rows[r + 1]] - centre[rows[r + 1]]
                b2 = shape[rows[r + 2]] - centre[rows[r + 2]]
                b3 = shape[rows[r + 3]] - centre[rows[r + 3]]
                for a in range(size):
                    g0, g1, g2, g3 = gain[r, a], gain[r + 1, a], gain[r + 2, a], gain[r + 3, a]
                    moved[a] -= b0 * g0 + b1 * g1 + b2 * g2 + b3 * g3
            root = np.float32(np.sqrt(weights[i]))
            for a in range(size):
                moved[a] *= root
                out[i, a] = moved[a]
                part[a] += root * moved[a]
                part2[a] += moved[a] * moved[a]
            for a in range(size - 1):
                part3[a] += moved[a] * moved[a + 1]
        # Sums over a block in float32 lose nothing; over all classes they would.
        for a in range(size):
            sums[a] += part[a]
            squares[a] += part2[a]
            products[a] += part3[a]
    return sums, squares, products


def scatter(rows: AnyFloats) -> Floats:
    """(2L, 2L) the sum of row rowᵀ over the rows (n, 2L); only its lower triangle.

    By hand, because a threaded BLAS that shares its cores with another program can take a hundred
    times as long for a product this small.
    """
    size = rows.shape[1]
    total = np.zeros((size, size))
    part, zero = np.empty((size, size), rows.dtype), np.zeros(size, rows.dtype)
    for low in range(0, len(rows), BLOCK):
        high = min(low + BLOCK, len(rows))
        part[:] = 0
        for a in range(0, size, 2):
            first, second = part[a], part[a + 1]
            for i in range(low, high, 4):
                x0 = rows[i]
                x1 = rows[i + 1] if i + 1 < high else zero
                x2 = rows[i + 2] if i + 2 < high else zero
                x3 = rows[i + 3] if i + 3 < high else zero
                a0, a1, a2, a3 = x0[a], x1[a], x2[a], x3[a]
                b0, b1, b2, b3 = x0[a + 1], x1[a + 1], x2[a + 1], x3[a + 1]
                for b in range(a + 2):
                    v0, v1, v2, v3 = x0[b], x1[b], x2[b], x3[b]
                    first[b] += a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3
                    second[b] += b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3
        for a in range(size):
            for b in range(a + 1):
                total[a, b] += part[a, b]
    return total
