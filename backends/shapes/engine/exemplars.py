"""The exemplars of a model, laid out for what conditioning reads of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.projects.vocabulary.arguments import WrongValue
from landmark_annotator.projects.vocabulary.arrays import AnyFloats

_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Exemplars:
    """K labelled shapes in the box frame: the classes that every mixture of a model shares.

    shapes: (K, L, 2) float32 or float64. Made once a model and handed to the mixture of every
    image, so that the second layout is made once, too.
    """

    shapes: AnyFloats

    def __post_init__(self) -> None:
        if self.shapes.ndim != 3 or self.shapes.shape[2] != 2 or not len(self.shapes):
            raise WrongValue(
                f"The exemplars must be an array (K, L, 2) of K shapes, not {self.shapes.shape}."
            )
        object.__setattr__(self, "shapes", np.ascontiguousarray(self.shapes))

    @classmethod
    def of(cls, shapes: "Exemplars | AnyFloats") -> "Exemplars":
        return shapes if isinstance(shapes, Exemplars) else cls(shapes)

    def __len__(self) -> int:
        """K."""
        return len(self.shapes)

    @property
    def size(self) -> int:
        """L."""
        return int(self.shapes.shape[1])

    @property
    def rows(self) -> AnyFloats:
        """(K, 2L), one shape after another: for moments, which read whole shapes of few classes."""
        return self.shapes.reshape(len(self), -1)

    @cached_property
    def columns(self) -> AnyFloats:
        """(2L, K), one coordinate after another: for weights, which read few coordinates of all.

        A copy, made when it is first asked for: a landmark's coordinates of all classes lie side
        by side, so a click reads 2 K numbers instead of touching all 2 L K.
        """
        columns = np.empty((2 * self.size, len(self)), dtype=self.shapes.dtype)
        for start in range(0, len(self), _BLOCK):  # by blocks: a plain transpose misses the cache
            columns[:, start : start + _BLOCK] = self.rows[start : start + _BLOCK].T
        return columns

    def prepare(self) -> "Exemplars":
        """Does now what the first click would wait for; seconds where K is large.

        For the thread that loads a model. Without it every answer is the same, only later.
        """
        _ = self.columns
        if len(self) >= kernels.COMPILED_FROM and self.shapes.dtype == np.float32:
            kernels.compile_now()
        return self
