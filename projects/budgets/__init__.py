"""What a click budget buys: the most informative points, and what has been spent.

Knows no model and no front end. Source: chapter 5 of the thesis "Deep face analysis".
"""

from landmark_annotator.projects.budgets.affinity import Affinity, affinity
from landmark_annotator.projects.budgets.constraints import Constraints, ContradictingConstraints
from landmark_annotator.projects.budgets.curve import Curve, Spread, curve, spread
from landmark_annotator.projects.budgets.sparse_format import (
    SparseFormat,
    extension,
    sparse_formats,
)
from landmark_annotator.projects.budgets.tie_breaking import tie_broken

__all__ = [
    "Affinity",
    "Constraints",
    "ContradictingConstraints",
    "Curve",
    "SparseFormat",
    "Spread",
    "affinity",
    "curve",
    "extension",
    "sparse_formats",
    "spread",
    "tie_broken",
]
