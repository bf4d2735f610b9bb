"""Densities learned as Laplace distributions, and from images without labels by an adversary.

Source: Robinson, Li, Zhang, Fu, Tulyakov, "Laplace Landmark Localization" (ICCV 2019).
"""

from landmark_annotator.backends.laplace.model_files import load
from landmark_annotator.backends.laplace.settings import Settings
from landmark_annotator.backends.laplace.training import train

__all__ = ["Settings", "load", "train"]
