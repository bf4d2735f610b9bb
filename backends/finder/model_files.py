"""A trained finder on disk: weights.safetensors beside card.json. No pickle."""

from landmark_annotator.backends.learning.model_files import ModelFiles

FILES = ModelFiles("finder", 1)
