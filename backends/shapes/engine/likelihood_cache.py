"""What clicks have cost every class, kept so that the next click adds only its own part.

The distance to E clicks takes E^2 products a class, but that to one more only E: whitened by a
triangle, the earlier parts of it stay as they are. So the clicks that are known already go first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from landmark_annotator.backends.shapes.engine.weight_order import First
from landmark_annotator.projects.vocabulary.arrays import Floats

Piece = tuple[int, bytes]
"""What was observed of a landmark: the landmark, and its position and covariance as bytes."""


@dataclass(frozen=True, eq=False)
class _Step:
    """squares: (n,) squared whitened distance of n classes to these pieces. among: see `First`."""

    pieces: tuple[Piece, ...]
    among: str
    squares: Floats


class Steps:
    """Of one mixture, and the evidence that it was last conditioned on. Safe from any thread."""

    def __init__(self) -> None:
        self._kept: tuple[_Step, ...] = ()

    def order(self, pieces: Sequence[Piece]) -> list[int]:
        """The pieces that were there the last time as they were then, and after them the rest by
        landmark."""
        last = self._kept[-1].pieces if self._kept else ()
        places = {piece: i for i, piece in enumerate(last)}
        return sorted(
            range(len(pieces)), key=lambda i: (places.get(pieces[i], len(last)), *pieces[i])
        )

    def longest(self, pieces: tuple[Piece, ...], first: First) -> tuple[int, Floats | None]:
        """How many of these pieces are in what is kept, from the first one on, and the squares
        (n,) for these n classes; none where nothing fits."""
        best: tuple[int, Floats | None] = (0, None)
        count = len(first.log_weights)
        for step in self._kept:
            known = len(step.pieces)
            same = step.pieces == pieces[:known] and step.among == first.among
            if same and known > best[0] and len(step.squares) >= count:
                best = known, step.squares[:count]
        return best

    def keep(self, found: Sequence[tuple[tuple[Piece, ...], Floats]], first: First) -> None:
        """In place of what was kept of such classes: squares for some pieces, in the order in
        which they grew."""
        others = [step for step in self._kept if step.among != first.among]
        own = [_Step(pieces, first.among, squares) for pieces, squares in found]
        self._kept = (*others, *own)
