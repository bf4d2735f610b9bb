"""Coordinates from features that know what is covered, fused with a prior over shapes.

Source: Zhu, Shi, Zheng, Sadiq, "Robust Facial Landmark Detection via Occlusion-adaptive Deep
Networks" (CVPR 2019).
"""

from landmark_annotator.backends.densities.augmentation import Augmentation
from landmark_annotator.backends.occlusion.model_files import load
from landmark_annotator.backends.occlusion.settings import Settings
from landmark_annotator.backends.occlusion.training import train

__all__ = ["Augmentation", "Settings", "load", "train"]
