"""Videos to pixels: which frames there are, when each is shown, and any of them at once.

Knows files alone: neither projects nor images. FFmpeg, by PyAV, is used in this room only.
"""

from landmark_annotator.projects.video.frame_cache import FrameCache
from landmark_annotator.projects.video.frame_index import (
    VIDEO_SUFFIXES,
    FrameIndex,
    is_video,
    read_index,
)
from landmark_annotator.projects.video.numbered_names import (
    is_numbered,
    numbered_files,
    numbered_images,
    video_at,
    video_name,
)
from landmark_annotator.projects.video.opened import has_sound
from landmark_annotator.projects.video.reader import VideoReader

__all__ = [
    "VIDEO_SUFFIXES",
    "FrameCache",
    "FrameIndex",
    "VideoReader",
    "has_sound",
    "is_numbered",
    "is_video",
    "numbered_files",
    "numbered_images",
    "read_index",
    "video_at",
    "video_name",
]
