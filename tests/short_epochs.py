"""Epochs of few crops, for tests of what a training writes, keeps or goes on from, and not of how
well anything is learned: whole ones are of 256, however few instances there are. What a training
gave is compared with what was there before on one likely truth of each label, and not on three."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

_CROPS = 32


@contextmanager
def short_epochs(crops: int = _CROPS) -> Iterator[None]:
    """Of every network but the weakly supervised one."""
    from landmark_annotator.annotator.session.models import prior_comparison
    from landmark_annotator.backends.densities import settings as densities
    from landmark_annotator.backends.exemplar import training_data as exemplar
    from landmark_annotator.backends.finder import settings as finder
    from landmark_annotator.backends.heatmap import settings as heatmap
    from landmark_annotator.backends.segmentation import settings as segmentation

    courses = [(densities, "COURSE"), (finder, "_COURSE"), (segmentation, "_COURSE")]
    courses += [(heatmap, name) for name in ("_COURSE", "_QUICK", "_UNLABELLED")]
    with pytest.MonkeyPatch.context() as patched:
        for module, name in courses:
            patched.setattr(module, name, replace(getattr(module, name), least=crops))
        patched.setattr(exemplar, "_LEAST_CROPS", crops)
        patched.setattr(prior_comparison, "_DRAWS", 1)
        yield
