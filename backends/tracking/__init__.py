"""Time as evidence: what is known of an object in one frame of a video changes it in all others.

Gaussians along a chain of frames (Rauch, Tung, Striebel, "Maximum likelihood estimates of linear
dynamic systems", AIAA Journal 1965), whose evidence are the proposals of any backend, dense flow
from frame to frame, clicks and accepted labels. Knows frames as arrays: neither projects nor
videos, and of the other backends only what all of them stand on. Needs no torch.
"""

from landmark_annotator.backends.tracking.assignment import matched
from landmark_annotator.backends.tracking.clip_query import ClipQuery, clip_query
from landmark_annotator.backends.tracking.flow import FlowField, flow_between
from landmark_annotator.backends.tracking.framewise import ClipPosterior, TimeTrust
from landmark_annotator.backends.tracking.leap import leap_of
from landmark_annotator.backends.tracking.likeness import flow_or_leap
from landmark_annotator.backends.tracking.lost_frames import breaks
from landmark_annotator.backends.tracking.low_pass import low_pass
from landmark_annotator.backends.tracking.persistence import Persistence
from landmark_annotator.backends.tracking.sights import sight_odds
from landmark_annotator.backends.tracking.smoothed_clip import TRACKING, SmoothedClip
from landmark_annotator.backends.tracking.smoother import Clip, lost_in, smoothed
from landmark_annotator.backends.tracking.trust import HeldOut, time_trust

__all__ = [
    "TRACKING",
    "Clip",
    "ClipPosterior",
    "ClipQuery",
    "FlowField",
    "HeldOut",
    "Persistence",
    "SmoothedClip",
    "TimeTrust",
    "breaks",
    "clip_query",
    "flow_between",
    "flow_or_leap",
    "leap_of",
    "lost_in",
    "low_pass",
    "matched",
    "sight_odds",
    "smoothed",
    "time_trust",
]
