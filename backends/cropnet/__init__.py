"""Coordinates, refined three times on small patches of ever finer features, fused with a prior over
shapes.

Source: the thesis "Deep face analysis", chapter 3: fine-grained facial landmark detection.
"""

from landmark_annotator.backends.cropnet.model_files import load
from landmark_annotator.backends.cropnet.settings import Settings
from landmark_annotator.backends.cropnet.training import train
from landmark_annotator.backends.densities.augmentation import Augmentation

__all__ = ["Augmentation", "Settings", "load", "train"]
