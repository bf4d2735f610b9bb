"""The distribution over whole shapes, conditioned by evidence. numpy, and numba where it is there.

Sources: Li, Jeni, Ramanan, "Brute-Force Facial Landmark Analysis With A 140,000-Way Classifier"
(AAAI 2018), section 3 and equations 3 and 10, with a shared residual covariance added.
"""

from backends.shapes.conditioning import condition, condition_hard
from backends.shapes.engine.exemplars import Exemplars
from backends.shapes.fitting.prior import prior_proposal, shape_prior
from backends.shapes.mixture import ShapeMixture
from backends.shapes.proposal import Posterior, Proposal
from backends.shapes.queries import expected_drops

__all__ = [
    "Exemplars",
    "Posterior",
    "Proposal",
    "ShapeMixture",
    "condition",
    "condition_hard",
    "expected_drops",
    "prior_proposal",
    "shape_prior",
]
