"""The distribution over whole shapes, conditioned by evidence. numpy, and numba where it is there.

Sources: Li, Jeni, Ramanan, "Brute-Force Facial Landmark Analysis With A 140,000-Way Classifier"
(AAAI 2018), section 3 and equations 3 and 10, with a shared residual covariance added.
"""

from landmark_annotator.backends.shapes.conditioning import condition, condition_hard
from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.fitting.prior import prior_proposal, shape_prior
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.posterior import Posterior
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.backends.shapes.queries import expected_drops
from landmark_annotator.projects.vocabulary.arguments import tell_methods

tell_methods(Exemplars, Posterior, Proposal, ShapeMixture)

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
