"""Labels carried over from labelled images to the next one, without training and without torch.

The present image is aligned with the labelled ones: by an affine map (Evangelidis and Psarakis,
"Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", PAMI 2008), by
dense flow (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016), and then
each landmark by a linear filter of gradient orientations (Hariharan, Malik, Ramanan,
"Discriminative Decorrelation for Clustering and Classification", ECCV 2012). How far to trust that
is learned from the labelled images against each other, and a prior over shapes decides the rest.
"""

from landmark_annotator.backends.registration.accompanied import Accompanied
from landmark_annotator.backends.registration.either_way import EitherWay
from landmark_annotator.backends.registration.model import RegistrationModel, templates

__all__ = ["Accompanied", "EitherWay", "RegistrationModel", "templates"]
