"""Drawn sample heads with exact landmarks, so that the tool shows itself without any photograph.

Everything is drawn by this package from a seed; no file and no network is needed.
"""

from projects.samples.heads import IMAGE_SIZE, draw_head
from projects.samples.sample_project import create_sample_project, sample_truth

__all__ = ["IMAGE_SIZE", "create_sample_project", "draw_head", "sample_truth"]
