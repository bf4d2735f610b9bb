"""The inner loops as numba compiles them (`compiled`). Plain Python, and far too slow as such.

On one core: the others may be training, and threads that wait for a busy core lose more time than
they save in a step of a millisecond.

The innermost loops run over a block of classes that fits the first-level cache, element by
element and without branches, so that the compiler turns them into vector instructions. Arithmetic
is in float64 wherever the exemplars, stored as float32, would lose by it.
"""

import math

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

BLOCK = 256
"""Classes that are worked on at a time. Loops count blocks and multiply: of a range with a step
the compiler does not know that its indices are never negative, and then uses no vectors."""

GOLDEN = 2654435769
"""2**32 divided by the golden ratio: its multiples, in 32 bits, lie evenly in every stretch."""

_BIN_BITS = 47
"""Leaves the exponent and five bits of a float64: bins in which weights differ by 3 % at most."""
_LOG2E = np.float32(1.4426950408889634)
_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)
_SERIES = tuple(np.float32(1.0 / math.factorial(n)) for n in range(8))
_LOWEST, _NEGLIGIBLE = np.float32(-80.0), np.float32(-60.0)
"""Log of a term that a float32 can hold, and of one that even a million times leaves a sum in
float64 as it is, beside a one."""
_ROUNDER = np.float32(12582912.0)
"""1.5 * 2**23: added to a small number, it leaves the nearest whole number in the lowest bits."""


def reweigh(
    columns: AnyFloats,
    rows: Ints,
    reference: AnyFloats,
    whitening: AnyFloats,
    widths: Ints,
    target: AnyFloats,
    base: Floats,
    squares: Floats,
    out: Floats,
) -> None:
    """squares += |target + whitening @ (reference - columns[rows])|^2, out = base - squares / 2
    for every class.

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
            squares[low + k] += square[k]
            out[low + k] = base[low + k] - 0.5 * squares[low + k]


def gather(column: AnyFloats, places: Ints, out: AnyFloats) -> None:
    for n in range(len(places)):
        out[n] = column[places[n]]


def terms(log_weights: Floats, highest: float, out: AnyFloats) -> float:
    """out = exp(log_weights - highest), in float32, and the sum of that."""
    power, value, sums = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.zeros(BLOCK)
    bits = power.view(np.int32)
    for block in range(-(-len(log_weights) // BLOCK)):
        low = block * BLOCK
        count = min(BLOCK, len(log_weights) - low)
        value[:] = -np.inf
        for k in range(count):
            value[k] = np.float32(log_weights[low + k] - highest)
        for k in range(BLOCK):
            d = value[k] if value[k] > _LOWEST else _LOWEST
            shifted = d * _LOG2E + _ROUNDER
            whole = shifted - _ROUNDER
            r = d - whole * _LN2_HIGH - whole * _LN2_LOW
            # exp(r) by its series to r^7, |r| <= ln(2) / 2, by Horner's rule.
            p = _SERIES[7] * r + _SERIES[6]
            p = p * r + _SERIES[5]
            p = p * r + _SERIES[4]
            p = p * r + _SERIES[3]
            p = p * r + _SERIES[2]
            p = p * r + _SERIES[1]
            value[k] = p * r + _SERIES[0] if value[k] > _NEGLIGIBLE else np.float32(0.0)
            power[k] = shifted
        for k in range(BLOCK):
            bits[k] = (bits[k] << 23) + (127 << 23)  # 2 ** whole, by its exponent
        for k in range(BLOCK):
            value[k] *= power[k]
            sums[k] += value[k]
        for k in range(count):
            out[low + k] = value[k]
    return float(sums.sum())


def sample(terms: AnyFloats, step: AnyFloats, chosen: Ints, kept: AnyFloats) -> int:
    """How many classes are taken: those whose term exceeds their own share of the step, and so
    each with the probability term / step. They are written to `chosen`, and to `kept` what each
    then stands for, at least a step. step: one number, float32."""
    shares, taken = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.uint8)
    found = 0
    for block in range(-(-len(terms) // BLOCK)):
        low = block * BLOCK
        count = min(BLOCK, len(terms) - low)
        for k in range(BLOCK):
            scattered = np.uint32(np.uint32(low + k) * np.uint32(GOLDEN)) >> np.uint32(8)
            shares[k] = (np.float32(np.int32(scattered)) + np.float32(0.5)) * np.float32(2.0**-24)
        hits = 0
        for k in range(count):
            taken[k] = terms[low + k] > step * shares[k]
            hits += taken[k]
        if hits > 0:
            for k in range(count):
                if taken[k]:
                    chosen[found] = low + k
                    kept[found] = max(terms[low + k], step)
                    found += 1
    return found


def leading(classes: Ints, weights: Floats, mass: float) -> tuple[Ints, Floats]:
    """The fewest of the classes whose weights hold `mass`, and their weights, which are rescaled
    to sum to one.

    A histogram by the leading bits of the weights, of which the order is that of the numbers,
    finds the bin in which the last class lies; only that one is sorted.
    """
    bins = weights.view(np.int64) >> _BIN_BITS
    lowest = bins.min()
    held = np.zeros(bins.max() - lowest + 1)
    for n in range(len(weights)):
        held[bins[n] - lowest] += weights[n]
    last = len(held) - 1
    above = 0.0
    while last > 0 and above + held[last] < mass:
        above += held[last]
        last -= 1
    within = np.sort(weights[bins == last + lowest])
    # From the heaviest down; of equal ones the first are taken.
    taken = 0
    while taken < len(within) and above < mass:
        taken += 1
        above += within[-taken]
    limit = within[-taken] if taken > 0 else np.inf
    equal = 0
    for n in range(len(within) - taken, len(within)):
        equal += within[n] == limit
    chosen, kept = np.empty(len(weights), np.int64), np.empty(len(weights))
    count = 0
    for n in range(len(weights)):
        over = bins[n] > last + lowest or (bins[n] == last + lowest and weights[n] > limit)
        if not over and weights[n] == limit and equal > 0:
            equal -= 1
            over = True
        if over:
            chosen[count] = classes[n]
            kept[count] = weights[n]
            count += 1
    return chosen[:count].copy(), kept[:count] / above


def moments(
    shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats, rows: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """Weighted sums of d = shapes[chosen] - centre: of d (2L,), of its squares (2L,), of each
    coordinate's product with the next (2L,), and of d[rows] dᵀ (R, 2L).

    shapes: (K, 2L), rows: (R,) with R even.
    """
    size, kind = shapes.shape[1], shapes.dtype
    sums, squares, products = np.zeros(size), np.zeros(size), np.zeros(size)
    cross = np.zeros((len(rows), size))
    part, part2, part3 = np.empty(size, kind), np.empty(size, kind), np.empty(size, kind)
    across = np.empty((len(rows), size), kind)
    # Four classes at a time, so that each sum is loaded and stored once for all of them.
    d = np.empty((4, size), kind)
    w = np.empty((4, size), kind)
    d0, d1, d2, d3 = d[0], d[1], d[2], d[3]
    w0, w1, w2, w3 = w[0], w[1], w[2], w[3]
    for block in range(-(-len(chosen) // BLOCK)):
        low = block * BLOCK
        high = min(low + BLOCK, len(chosen))
        part[:] = 0
        part2[:] = 0
        part3[:] = 0
        across[:] = 0
        for group in range(-(-(high - low) // 4)):
            for i in range(4):
                n = low + 4 * group + i
                root = np.float32(weights[n]) if n < high else np.float32(0.0)
                shape = shapes[chosen[min(n, high - 1)]]
                di, wi = d[i], w[i]
                for a in range(size):
                    di[a] = shape[a] - centre[a]
                    wi[a] = root * di[a]
            for a in range(size):
                part[a] += w0[a] + w1[a] + w2[a] + w3[a]
                part2[a] += w0[a] * d0[a] + w1[a] * d1[a] + w2[a] * d2[a] + w3[a] * d3[a]
            for a in range(size - 1):
                part3[a] += (
                    w0[a] * d0[a + 1] + w1[a] * d1[a + 1] + w2[a] * d2[a + 1] + w3[a] * d3[a + 1]
                )
            for pair in range(len(rows) // 2):
                j, k = rows[2 * pair], rows[2 * pair + 1]
                first, second = across[2 * pair], across[2 * pair + 1]
                p0, p1, p2, p3 = d0[j], d1[j], d2[j], d3[j]
                q0, q1, q2, q3 = d0[k], d1[k], d2[k], d3[k]
                for a in range(size):
                    v0, v1, v2, v3 = w0[a], w1[a], w2[a], w3[a]
                    first[a] += p0 * v0 + p1 * v1 + p2 * v2 + p3 * v3
                    second[a] += q0 * v0 + q1 * v1 + q2 * v2 + q3 * v3
        # Sums over a block in float32 lose nothing; over all classes they would.
        for a in range(size):
            sums[a] += part[a]
            squares[a] += part2[a]
            products[a] += part3[a]
        for j in range(len(rows)):
            for a in range(size):
                cross[j, a] += across[j, a]
    return sums, squares, products, cross


def scatter(shapes: AnyFloats, chosen: Ints, weights: Floats, centre: AnyFloats) -> Floats:
    """(2L, 2L) the weighted sum of d dᵀ, d = shapes[chosen] - centre; only its lower triangle.

    By hand, because a threaded BLAS that shares its cores with another program can take a hundred
    times as long for a product this small.
    """
    size, kind = shapes.shape[1], shapes.dtype
    total = np.zeros((size, size))
    part = np.empty((size, size), kind)
    rows = np.empty((BLOCK, size), kind)
    for block in range(-(-len(chosen) // BLOCK)):
        low = block * BLOCK
        count = min(BLOCK, len(chosen) - low)
        for i in range(count):
            root = np.float32(np.sqrt(weights[low + i]))
            shape, row = shapes[chosen[low + i]], rows[i]
            for a in range(size):
                row[a] = root * (shape[a] - centre[a])
        for i in range(count, -(-count // 4) * 4):
            rows[i] = 0
        part[:] = 0
        for a in range(0, size, 2):
            first, second = part[a], part[a + 1]
            for group in range(-(-count // 4)):
                i = 4 * group
                x0, x1, x2, x3 = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
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
