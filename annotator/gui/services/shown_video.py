"""The video that is under the hand, as what works on whole videos is told of it."""

from landmark_annotator.projects.store import VideoRecord

ShownVideo = tuple[VideoRecord, int, tuple[int, int] | None]
"""A video, how many frames it has, and the first and the last that are marked on the timeline, if
any are."""
NO_VIDEO = "This image is no frame of a video that can be read."
