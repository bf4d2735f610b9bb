"""Which region each pixel around an object belongs to: masks proposed, and corrected by clicks.

Source: chapter 7 of the thesis "Deep face analysis"; the clicks as in Sofiiuk, Petrov, Konushin,
"Reviving iterative training with mask guidance for interactive segmentation" (ICIP 2022).
"""

from landmark_annotator.backends.parsing.parser import load, parameters
from landmark_annotator.backends.parsing.portable import onnx_file
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import train

__all__ = ["Settings", "load", "onnx_file", "parameters", "train"]
