"""Heads with exact landmarks, so that the tool shows itself without any photograph.

The rendered ones are embedded pictures (see `heads/README.md`); the drawn ones are made from a
seed by `draw_head`, in milliseconds and any number. No network is needed for either.
"""

from projects.samples.demo_project import create_demo_project, demo_truth
from projects.samples.heads import IMAGE_SIZE, draw_head
from projects.samples.rendered_heads import RenderedHead, mask_labels, rendered_heads
from projects.samples.sample_project import create_sample_project, sample_truth

__all__ = [
    "IMAGE_SIZE",
    "RenderedHead",
    "create_demo_project",
    "create_sample_project",
    "demo_truth",
    "draw_head",
    "mask_labels",
    "rendered_heads",
    "sample_truth",
]
