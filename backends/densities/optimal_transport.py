"""How far the mass of one density has to be carried to make another of it.

The Wasserstein distance of equation 4.4 of the thesis "Deep face analysis" (cost: the Euclidean
distance in cells), by Sinkhorn iterations (Cuturi, NIPS 2013). An entropic term alone would have a
density at distance from itself, and the nearest one to a label would be a narrower one; so the
distances of both from themselves are taken out (Feydy et al., AISTATS 2019, equation 3):

    S(a, b) = OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2,
    OT(a, b) = min over plans P from a to b of <P, C> + e KL(P | a b').

Everything is in the log domain: a sum over cells is a product with exp(-C / e) after the largest
exponent of each density is taken out, and is exact as long as the longest distance is no more than
some tens of e, which decides the precision.
"""

from functools import lru_cache

import torch
from torch import Tensor

REGULARISATION = 1.5
"""e, in cells. The thesis names none: at 64 x 64 cells the smallest that single precision bears."""
ITERATIONS = 3
"""Of which each carries there and back, from a start that is nearly right: after them the value is
off by less than 0.003 cells. The thesis names no number."""
_FACTORS = {torch.float32: 60.0, torch.float64: 600.0}
"""Longest distances, in units of e, whose factors exp(-C / e) are still numbers in full."""
_TINY = 1e-30
MOST_CELLS = 64
"""A side: the matrix of all distances has the square of all cells."""


def sinkhorn_divergence(
    densities: Tensor,
    labels: Tensor,
    regularisation: float = REGULARISATION,
    iterations: int = ITERATIONS,
) -> Tensor:
    """(B, L) in cells, of densities and labels (B, L, H, W) that each sum to one.

    Its gradient with respect to the densities is that at the optimum (the potentials), without
    going back through the iterations; the labels have none. Raises ValueError where the cells are
    so many, or the regularisation so small, that it cannot be computed.
    """
    there = towards(densities, labels, regularisation, iterations)
    with torch.no_grad():
        b, _, carry = _prepared(labels, regularisation)
        own = (b * _own_potential(b, carry, iterations)).sum(dim=2)
    return there - own.to(there)


def towards(
    densities: Tensor,
    labels: Tensor,
    regularisation: float = REGULARISATION,
    iterations: int = ITERATIONS,
) -> Tensor:
    """The same but for OT(b, b) / 2, from which nothing can be learned."""
    with torch.no_grad():
        a, cost, carry = _prepared(densities, regularisation)
        b = labels.flatten(2).to(a)
        to_label, to_density = _potentials(a, b, b @ cost, carry, iterations)
        # Half of what a density is away from itself is what its own potential costs.
        gain = to_label - _own_potential(a, carry, iterations)
        rest = (b * to_density).sum(dim=2)
    return (densities.flatten(2) * gain.to(densities)).sum(dim=2) + rest.to(densities)


class _Carry:
    """The softened minimum over all cells y of C(x, y) - g(y), weighted by a density of y."""

    def __init__(self, factors: Tensor, regularisation: float) -> None:
        self._factors, self._e = factors, regularisation

    def __call__(self, density: Tensor, potential: Tensor) -> Tensor:
        exponents = density.clamp_min(_TINY).log() + potential / self._e
        largest = exponents.amax(dim=2, keepdim=True)
        summed = (exponents - largest).exp() @ self._factors
        return -self._e * (summed.log() + largest)


def _prepared(densities: Tensor, regularisation: float) -> tuple[Tensor, Tensor, _Carry]:
    """(B, L, cells) in the precision that it takes, and the distances of the cells."""
    height, width = densities.shape[2:]
    cost, factors = _costs(height, width, regularisation, densities.dtype, densities.device)
    return densities.flatten(2).to(cost), cost, _Carry(factors, regularisation)


def _potentials(
    a: Tensor, b: Tensor, start: Tensor, carry: _Carry, iterations: int
) -> tuple[Tensor, Tensor]:
    """f over the cells of a, g over those of b. start: f towards a label that is one point, the
    distance from it, which is nearly right."""
    f = start
    g = carry(a, f)
    for _ in range(iterations):
        f = carry(b, g)
        g = carry(a, f)
    # The last one makes the gradient that of a plan which arrives at all of b.
    return carry(b, g), g


def _own_potential(a: Tensor, carry: _Carry, iterations: int) -> Tensor:
    """Of a density to itself both are the same; the mean of one and the next settles at once."""
    f = torch.zeros_like(a)
    for _ in range(iterations):
        f = (f + carry(a, f)) / 2
    return carry(a, f)


@lru_cache(maxsize=1)
def _costs(
    height: int, width: int, regularisation: float, dtype: torch.dtype, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Distances of all pairs of cells (H W, H W), and the factors exp(-C / e), in single precision
    where that bears the longest of them."""
    if max(height, width) > MOST_CELLS:
        raise ValueError(f"maps of {height} x {width} cells are too large for this distance")
    ratio = float((height - 1) ** 2 + (width - 1) ** 2) ** 0.5 / regularisation
    chosen = next((kind for kind, most in _FACTORS.items() if ratio <= most), None)
    if chosen is None:
        raise ValueError(f"a regularisation of {regularisation} cells is too small for these maps")
    precision = torch.promote_types(chosen, dtype)
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    cells = torch.stack([columns, rows], dim=2).reshape(-1, 2).to(precision)
    apart = torch.cdist(cells, cells, compute_mode="donot_use_mm_for_euclid_dist").to(device)
    return apart, (-apart / regularisation).exp()
