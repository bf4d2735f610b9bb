"""Densities per landmark, fused with a prior over shapes.

Source: Chen, Su, Ji, "Face Alignment with Kernel Density Deep Neural Network" (ICCV 2019).
"""

from landmark_annotator.backends.densities.augmentation import Augmentation
from landmark_annotator.backends.heatmap.model_files import load
from landmark_annotator.backends.heatmap.portable.whole import onnx_file
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.heatmap.training import train

__all__ = ["Augmentation", "Settings", "load", "onnx_file", "train"]
