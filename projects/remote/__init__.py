"""Images that lie elsewhere: addresses, what opens them, and their copies in a cache.

Everywhere else an image is a path. That of an image elsewhere is the place of its copy, whether or
not a copy lies there now: its address can be read off the place, and the other way round. This room
knows no project; fsspec is imported nowhere else.
"""

from landmark_annotator.projects.remote.addresses import (
    address_of,
    checked,
    is_address,
    place_of,
    shown,
    source_name,
)

__all__ = ["address_of", "checked", "is_address", "place_of", "shown", "source_name"]
