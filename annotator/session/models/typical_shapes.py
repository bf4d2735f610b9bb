"""What objects of a scheme look like that the program knows of itself."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.learning.model_cards import is_made_for, read_card
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_WEIGHTS, _MEANS = "weights.safetensors", "prior.means"


def typical_shapes(scheme: Scheme) -> Sequence[Floats]:
    """(L, 2) of each class of the prior that comes with the program for these landmarks, in boxes'
    frames; none where nothing does. Needs no torch."""
    folder = backend_named(DEFAULT_BACKEND).shipped(scheme)
    if folder is None or not is_made_for(read_card(folder), scheme):
        return ()
    from safetensors import safe_open

    with safe_open(folder / _WEIGHTS, framework="np") as weights:
        means = weights.get_tensor(_MEANS)
    return list(np.asarray(means, dtype=np.float64))
