"""Finds the objects of a scheme in whole images: boxes, turned where the scheme has a heading.

Source: Zhou, Wang, Kraehenbuehl, "Objects as Points" (arXiv 1904.07850, 2019).
"""

from landmark_annotator.backends.finder.finder import load
from landmark_annotator.backends.finder.settings import Settings
from landmark_annotator.backends.finder.training import train

__all__ = ["Settings", "load", "train"]
