"""Heads with exact landmarks, so that the tool shows itself without any photograph.

The rendered ones are embedded pictures (see `heads/README.md`); the drawn ones are made from a
seed by `draw_head`, in milliseconds and any number. No network is needed for either.
"""

from landmark_annotator.projects.samples.drawn_heads.head import IMAGE_SIZE, draw_head
from landmark_annotator.projects.samples.projects.drawn import create_sample_project, sample_truth
from landmark_annotator.projects.samples.projects.rendered import create_demo_project, demo_truth
from landmark_annotator.projects.samples.rendered_heads.heads import (
    RenderedHead,
    mask_labels,
    rendered_heads,
)

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
