"""Image files: what they hold, and their pixels as the rest of the tool wants them."""

from projects.images.decoding import IMAGE_SUFFIXES, MAX_PIXELS, read_pixels, upright_size
from projects.images.facts import ImageFacts, examine, sha256_of
from projects.images.source import Source, Still, pixels_of, source_of

__all__ = [
    "IMAGE_SUFFIXES",
    "MAX_PIXELS",
    "ImageFacts",
    "Source",
    "Still",
    "examine",
    "pixels_of",
    "read_pixels",
    "sha256_of",
    "source_of",
    "upright_size",
]
