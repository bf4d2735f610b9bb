"""One region of texture, such as hair, in two stages: where about it is, then its border.

Source: chapter 6 of the thesis "Deep face analysis": two-stage human hair segmentation in the wild.
"""

from landmark_annotator.backends.hair.parser import load, parameters
from landmark_annotator.backends.hair.portable import onnx_file
from landmark_annotator.backends.hair.settings import Settings
from landmark_annotator.backends.hair.training import train

__all__ = ["Settings", "load", "onnx_file", "parameters", "train"]
