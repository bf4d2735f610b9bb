"""Image files: what they hold, and their pixels as the rest of the tool wants them."""

from projects.images.facts import ImageFacts, examine, sha256_of
from projects.images.reading import IMAGE_SUFFIXES, MAX_PIXELS, read_pixels, upright_size

__all__ = [
    "IMAGE_SUFFIXES",
    "MAX_PIXELS",
    "ImageFacts",
    "examine",
    "read_pixels",
    "sha256_of",
    "upright_size",
]
