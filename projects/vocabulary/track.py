"""One object through the frames of a video."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Track:
    """id: in its project. name: no other track of the video has it."""

    id: int
    video_id: int
    name: str
