"""How much each landmark says about each other one.

Affinity: the mean canonical correlation of the two coordinates of a pair of landmarks over
normalised shapes (thesis "Deep face analysis", equations 5.1 to 5.3; Hotelling, 1936).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels, closest
from landmark_annotator.projects.vocabulary.wording import counted

FRAMES = ("box", "procrustes")
SEEMS_MORE = (
    "by chance the rest seems to follow more closely than it does, and the format may change as "
    "labels arrive"
)
"""What is to be said of few shapes: their correlations are too high, the largest of them most."""
_LEAST_SHAPES = 5
"""In fewer any two landmarks, of two coordinates each, correlate perfectly in some direction."""
_LEAST_VARIANCE = 1e-12
"""Of a coordinate, in squared frame units; below it the coordinate is constant."""
_LEAST_WIDTH = 1e-8
"""Of a shape across, squared, in parts of its length."""
_ROUNDS = 10
_DECIMALS = 12
"""Kept of an affinity, so that equal pairs are equal in spite of rounding."""


@dataclass(frozen=True, eq=False)
class Affinity:
    """matrix: (L, L) in 0..1, symmetric, one on the diagonal. shapes: how many it comes from.

    warnings: sentences for the project lead about what the figures are worth.
    """

    matrix: Floats
    shapes: int
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.matrix)


def box_frame(shapes: Floats) -> Floats:
    """(N, L, 2) in pixels to the square around each shape's known landmarks, as in the thesis."""
    low, high = np.nanmin(shapes, axis=1), np.nanmax(shapes, axis=1)
    side = np.maximum((high - low).max(axis=1), 1e-9)
    return np.asarray((shapes - ((low + high) / 2)[:, None]) / side[:, None, None])


def procrustes_frame(shapes: Floats) -> Floats:
    """(N, L, 2) aligned to their mean by similarities (Gower, 1975), over known landmarks."""
    known = np.isfinite(shapes[..., 0])
    flat = np.where(known, shapes[..., 0] + 1j * shapes[..., 1], 0).astype(np.complex128)
    reference = flat[np.argmax(known.sum(axis=1))]
    aligned: npt.NDArray[np.complex128] = flat
    for _ in range(_ROUNDS):
        counts = known.sum(axis=1)
        target = np.where(known, reference, 0)
        centre = flat.sum(axis=1) / counts
        aim = target.sum(axis=1) / counts
        centred = np.where(known, flat - centre[:, None], 0)
        size = np.maximum((np.abs(centred) ** 2).sum(axis=1), 1e-9)
        turn = (centred.conj() * target).sum(axis=1) / size
        aligned = np.where(known, centred * turn[:, None] + aim[:, None], 0)
        reference = aligned.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        reference = reference - reference.mean()
        reference = reference / np.sqrt((np.abs(reference) ** 2).sum())
    frame = np.stack([aligned.real, aligned.imag], axis=-1)
    return np.where(known[..., None], frame, np.nan)


def affinity(
    shapes: npt.ArrayLike, *, frame: str = "box", names: Sequence[str] | None = None
) -> Affinity:
    """Of N shapes (N, L, 2) in pixels, NaN where a landmark is unknown.

    frame: "box" or "procrustes", how shapes are normalised before they are compared. Each pair
    is compared over the shapes in which both landmarks are known. A landmark that never moves in
    its frame has no correlation with any other: its affinities are zero, and a warning says so;
    one that moves along a line counts as one canonical correlation of the two. names: of the L
    landmarks, for messages. Raises TooFewLabels where a pair of landmarks is known in fewer than
    five shapes, and where none of them ever moves.
    """
    points: Floats = np.array(shapes, dtype=np.float64)
    if frame not in FRAMES:
        raise ActionableError(
            f'There is no frame "{frame}".{closest(frame, FRAMES)}',
            remedy=f"Shapes are normalised in one of: {', '.join(FRAMES)}.",
        )
    if points.ndim != 3 or points.shape[2] != 2:
        raise ActionableError(f"Affinities need shapes of (N, L, 2), not {points.shape}.")
    points[~np.isfinite(points).all(axis=2)] = np.nan
    known = np.isfinite(points[..., 0])
    usable = known.sum(axis=1) >= 2
    points, known = points[usable], known[usable]
    size = points.shape[1]
    called = [f"landmark {j}" for j in range(size)] if names is None else list(names)
    _refuse_unlabelled(known, called)
    normalised: Floats = box_frame(points) if frame == "box" else procrustes_frame(points)
    if known.all():
        matrix, still = _complete(normalised)
    else:
        matrix, still = _pairwise(normalised, known)
    if still.all():
        raise TooFewLabels(
            f"All {len(points)} labelled shapes are the same: no landmark ever moves, so none says "
            "anything of another.",
            remedy="See whether the labels came in as they should, and label different images.",
        )
    matrix = np.asarray(np.clip((matrix + matrix.T) / 2, 0.0, 1.0).round(_DECIMALS))
    np.fill_diagonal(matrix, 1.0)
    warnings = _warnings(len(points), called, known, still) + _flat_shapes(points)
    return Affinity(matrix, len(points), warnings)


def _refuse_unlabelled(known: npt.NDArray[np.bool_], called: list[str]) -> None:
    remedy = "Label a few more instances completely, all landmarks of each."
    if len(known) < _LEAST_SHAPES:
        raise TooFewLabels(
            f"To see what points are worth takes at least {_LEAST_SHAPES} labelled shapes, not "
            f"{len(known)}.",
            remedy=remedy,
        )
    unseen = np.flatnonzero(~known.any(axis=0))
    if len(unseen):
        be = "is" if len(unseen) == 1 else "are"
        raise TooFewLabels(
            f"{len(unseen)} of {counted(len(called), 'landmark')} {be} labelled in no shape, the "
            f"first is {called[unseen[0]]}.",
            remedy=remedy,
        )
    together = known.astype(np.float64).T @ known
    if together.min() < _LEAST_SHAPES:
        i, j = np.unravel_index(int(together.argmin()), together.shape)
        raise TooFewLabels(
            f"{called[i]} and {called[j]} are known together in "
            f"{counted(int(together.min()), 'shape')}; {_LEAST_SHAPES} are needed.",
            remedy=remedy,
        )


def _warnings(
    count: int, called: list[str], known: npt.NDArray[np.bool_], still: npt.NDArray[np.bool_]
) -> tuple[str, ...]:
    found, size = [], len(called)
    if count < size:
        found.append(f"{count} labelled shapes are fewer than the {size} landmarks: {SEEMS_MORE}.")
    fewest = int((known.astype(np.float64).T @ known).min())
    if fewest < count and fewest < size:
        found.append(f"Some pairs of landmarks are known together in only {fewest} shapes.")
    if size == 2:
        found.append(
            "Of two landmarks each is opposite the other in the frame that both make, so one "
            "follows the other exactly whatever they do: go by the errors."
        )
    if still.any():
        first = ", ".join(called[j] for j in np.flatnonzero(still)[:10])
        never = counted(int(still.sum()), "landmark never moves", "landmarks never move")
        found.append(f"{never} in the shapes' frame ({first}): no correlation with any other.")
    return tuple(found)


def _flat_shapes(points: Floats) -> tuple[str, ...]:
    """A warning where shapes (N, L, 2) have all of three or more known landmarks on one line."""
    known = np.isfinite(points[..., 0])
    centred = np.nan_to_num(points - np.nanmean(points, axis=1, keepdims=True))
    values = np.linalg.eigvalsh(np.einsum("nla,nlb->nab", centred, centred))
    flat = (values[:, 0] <= _LEAST_WIDTH * values[:, 1]) & (known.sum(axis=1) > 2)
    if not flat.any():
        return ()
    return (
        f"In {int(flat.sum())} of {counted(len(points), 'labelled shape')} all landmarks lie on "
        "one line: see whether a coordinate was lost where they came from.",
    )


def _complete(points: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Affinities (L, L) of shapes without gaps, and (L,) which landmarks never move."""
    count, size = points.shape[:2]
    centred = points - points.mean(axis=0)
    covariance = np.einsum("nla,nlb->lab", centred, centred) / count
    white, rank = _whitening(covariance)
    flat = np.einsum("lab,nlb->nla", white, centred).reshape(count, 2 * size)
    cross = (flat.T @ flat / count).reshape(size, 2, size, 2).transpose(0, 2, 1, 3)
    return _mean_correlation(cross, np.minimum(rank[:, None], rank[None])), rank == 0


def _pairwise(points: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """As `_complete`, each pair over the shapes in which both landmarks are known."""
    size = points.shape[1]
    mask = known.astype(np.float64)
    centre = np.nanmean(points, axis=0)
    filled = np.where(known[..., None], points - centre, 0.0)
    counts = mask.T @ mask
    # means[i, j]: of landmark i where j is known as well; second[i, j]: of its products there.
    means = np.einsum("nia,nj->ija", filled, mask, optimize=True) / counts[..., None]
    products = (filled[..., :, None] * filled[..., None, :]).reshape(len(points), -1)
    second = (products.T @ mask).reshape(size, 2, 2, size).transpose(0, 3, 1, 2)
    own = second / counts[..., None, None] - means[..., :, None] * means[..., None, :]
    flat = filled.reshape(len(points), -1)
    both = (flat.T @ flat).reshape(size, 2, size, 2).transpose(0, 2, 1, 3)
    cross = (
        both / counts[..., None, None]
        - means[..., :, None] * means.transpose(1, 0, 2)[..., None, :]
    )
    white, rank = _whitening(own)
    cross = np.einsum("ijab,ijbc,jidc->ijad", white, cross, white, optimize=True)
    # A landmark moves where it moves in its own known shapes; with itself is all of them.
    still = np.diagonal(rank) == 0
    return _mean_correlation(cross, np.minimum(rank, rank.T)), still


def _whitening(covariance: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """(..., 2, 2) W with W C W^T the identity, a row of zeros for every direction in which
    nothing moves, and (...) how many directions there are in which something does."""
    values, vectors = np.linalg.eigh(covariance)
    alive = values > np.maximum(_LEAST_VARIANCE, values[..., -1:] * 1e-9)
    scale = np.where(alive, 1 / np.sqrt(np.where(alive, values, 1.0)), 0.0)
    white = scale[..., :, None] * np.swapaxes(vectors, -1, -2)
    return white, alive.sum(axis=-1)


def _mean_correlation(cross: Floats, directions: npt.NDArray[np.int64]) -> Floats:
    """Mean singular value of the whitened cross-covariances (..., 2, 2).

    The two of a 2 x 2 matrix add up to the root of |K|^2 + 2 |det K|. directions: how many
    canonical correlations the pair has.
    """
    squares = (cross**2).sum(axis=(-2, -1))
    det = cross[..., 0, 0] * cross[..., 1, 1] - cross[..., 0, 1] * cross[..., 1, 0]
    return np.asarray(np.sqrt(squares + 2 * np.abs(det)) / np.maximum(directions, 1))
