"""The classes of the classifier, made of the aligned shapes of a training."""

import numpy as np

from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.learning.kmeans import centres
from landmark_annotator.backends.shapes import ShapeMixture, condition
from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.backends.shapes.fitting.perturbed_shapes import perturbed
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.scheme import Scheme


def mirrored_shapes(shapes: Floats, scheme: Scheme) -> Floats:
    """(N, L, 2) shapes of the canonical frame as seen in a mirror."""
    return np.asarray(shapes[:, list(scheme.mirror)] * np.array([-1.0, 1.0]))


def class_shapes(shapes: Floats, scheme: Scheme, settings: Settings) -> tuple[Floats, Ints | None]:
    """The classes made of the training shapes (N, L, 2): exemplars (K, L, 2), and the class (K,)
    of each one's mirror image, None where the scheme has no partners.

    Missing landmarks are filled by their conditional mean given the others. With partners the
    classes are closed under mirroring. Raises TooFewLabels where K is more than there are shapes.
    """
    if not np.isfinite(shapes).all():
        shapes = _filled(shapes)
    sides = 2 if scheme.partners else 1
    wanted = max(settings.classes // sides, 1) if settings.classes else len(shapes)
    if wanted > len(shapes) and not settings.fill:
        raise TooFewLabels(
            f"{settings.classes:,} classes were asked for; {len(shapes)} training shapes "
            f"make {sides * len(shapes):,} at most.",
            remedy="Ask for fewer, or set fill to add perturbed shapes.",
        )
    if wanted < len(shapes):
        both = np.concatenate([shapes, mirrored_shapes(shapes, scheme)]) if sides == 2 else shapes
        instances = np.arange(len(both)) % len(shapes)
        shapes = centres(both, wanted, settings.seed, instances, settings.fewest)
    elif wanted > len(shapes):
        shapes = perturbed(shapes, wanted, settings.seed)
    if sides == 1:
        return shapes, None
    mirror = np.roll(np.arange(2 * len(shapes)), len(shapes))
    return np.concatenate([shapes, mirrored_shapes(shapes, scheme)]), mirror


def _filled(shapes: Floats) -> Floats:
    mean, covariance = fit_gaussian(shapes)
    prior = ShapeMixture(np.zeros(1), mean[None], covariance)
    filled = shapes.copy()
    for shape in filled:
        known = np.flatnonzero(np.isfinite(shape[:, 0]))
        if len(known) < len(shape):
            evidence = [Evidence.click(int(j), shape[j], 1e-4) for j in known]
            gaps = np.setdiff1d(np.arange(len(shape)), known)
            shape[gaps] = condition(prior, evidence).mean[gaps]
    return filled
