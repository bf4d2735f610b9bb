"""Weak supervision: many images with a few landmarks, few images with all of them.

A network with a shared trunk, one branch for the landmarks of the sparse format and one for the
rest. Source: chapter 5 of the thesis "Deep face analysis", section 5.5.
"""

from landmark_annotator.backends.weak.proposer import load
from landmark_annotator.backends.weak.settings import Settings
from landmark_annotator.backends.weak.training import train

__all__ = ["Settings", "load", "train"]
