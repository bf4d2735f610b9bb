"""One backend trained with different settings on the same instances, for protocols that compare
them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.projects.vocabulary import (
    Box,
    LabelledInstance,
    Progress,
    Scheme,
    Shape,
)

_TRAINED_ON = 2
"""Of a test of so many images, how many of each source are learned from for each."""
_MARGIN = 2.2
_SIDE = 256
"""The surroundings of an instance that many trainings are shown, in sides of its box and pixels."""


def learned_from(options: Options, *sources: Sequence[LabelledInstance]) -> list[LabelledInstance]:
    """All of them; with `options.images` twice as many of each source, in a seeded order. Their
    surroundings alone fit into memory: every variant reads them anew."""
    random = np.random.default_rng(options.seed)
    most = None if options.images is None else _TRAINED_ON * options.images
    return [_cut(each[i]) for each in sources for i in random.permutation(len(each))[:most]]


def _cut(instance: LabelledInstance) -> LabelledInstance:
    kept = Box((_SIDE - 1) / 2, (_SIDE - 1) / 2, *[_SIDE / _MARGIN] * 2)
    pixels = crop(instance.read_pixels(), instance.box, _SIDE, _MARGIN)
    shape = instance.shape
    points = kept.to_image(instance.box.to_frame(shape.points))
    return LabelledInstance(instance.key, kept, Shape(points, shape.visibility), lambda: pixels)


def trained_variant(
    backend_name: str,
    instances: Sequence[LabelledInstance],
    folder: Path,
    own: Mapping[str, Any],
    options: Options,
    progress: Progress,
) -> TrainedModel:
    """Of 68-point faces. own: what it sets otherwise than the options do. Raises ActionableError
    where the folder keeps one that was trained with other settings or on other instances."""
    backend, scheme = backend_named(backend_name), Scheme.named("face68")
    settings = {"seed": options.seed, **options.training, **own}
    if not has_card(folder):
        backend.train(instances, scheme, folder, settings, progress)
    check_training(folder, settings, len(instances))
    return backend.load(folder, scheme)
