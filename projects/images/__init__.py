"""Image files: what they hold, and their pixels as the rest of the tool wants them."""

from landmark_annotator.projects.images.decoding import (
    IMAGE_SUFFIXES,
    MAX_PIXELS,
    is_stored_turned,
    read_pixels,
    upright_size,
)
from landmark_annotator.projects.images.elsewhere import Elsewhere
from landmark_annotator.projects.images.facts import ImageFacts, examine, sha256_of
from landmark_annotator.projects.images.large import overview, share_read
from landmark_annotator.projects.images.source import (
    Frame,
    Source,
    Still,
    frame_name,
    pixels_of,
    source_of,
)

__all__ = [
    "IMAGE_SUFFIXES",
    "MAX_PIXELS",
    "Elsewhere",
    "Frame",
    "ImageFacts",
    "Source",
    "Still",
    "examine",
    "frame_name",
    "is_stored_turned",
    "overview",
    "pixels_of",
    "read_pixels",
    "sha256_of",
    "share_read",
    "source_of",
    "upright_size",
]
