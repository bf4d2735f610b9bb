"""Which training a checkpoint is of: of these landmarks, or these regions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.registry import BACKENDS, Backend
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme, Shape

SCHEME = Scheme("kite", tuple("abcde"))
CORNERS = np.array([[40, 50], [80, 40], [80, 80], [75, 120], [120, 52]], float)


class Begun(Exception):
    """A training has come to its checkpoint, which is of what this names."""


def instance(seed: int) -> LabelledInstance:
    random = np.random.default_rng(seed)
    pixels = random.integers(90, 110, (160, 160, 3), dtype=np.uint8)
    shape = Shape(CORNERS + random.normal(0, 4, CORNERS.shape))
    return LabelledInstance(f"{seed}.png", Box(80, 80, 110, 110), shape, lambda: pixels)


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_a_network_that_learned_other_landmarks_is_not_gone_on_from(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its weights do not even fit where one was removed, or is shown by labels only now."""

    def begin(folder: Path, settings: Any, keys: Any, learns: Any = ()) -> Checkpoint:
        raise Begun(*learns)

    monkeypatch.setattr(Checkpoint, "of", begin)
    sparse = {"sparse": (0, 1)} if backend.name == "weak" else {}
    instances = [instance(seed) for seed in range(24)]
    with pytest.raises(Begun) as begun:
        backend.train(instances, SCHEME, tmp_path, {**backend.from_nothing, **sparse}, SILENT)
    assert begun.value.args == SCHEME.landmarks
