"""Turning the head on its neck, and the rotation that a pose means."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.vocabulary.arrays import Floats

_NECK = slice(14534, 14542)
"""The mesh's cube around the joint between neck and shoulders."""
_SHARE_OF_NECK = 0.55
"""Of the whole turn; the shoulders make the rest."""


@dataclass(frozen=True)
class Pose:
    """In degrees. yaw: the head turns its face to the picture's right. pitch: it looks up.
    roll: its crown leans to the picture's right, so clockwise."""

    yaw: float
    pitch: float
    roll: float

    @property
    def rotation(self) -> Rotation:
        """From the head frame to that of the camera at rest (x right, y up, z to the viewer)."""
        return Rotation.from_euler("ZXY", [-self.roll, -self.pitch, self.yaw], degrees=True)

    @classmethod
    def of(cls, rotation: Rotation) -> "Pose":
        """The pose that this rotation means."""
        roll, pitch, yaw = (float(angle) for angle in rotation.as_euler("ZXY", degrees=True))
        return cls(yaw, -pitch, -roll)

    def turned(self, points: Floats, pivot: Floats) -> Floats:
        """(..., 3) points of the head itself, about the pivot of its neck."""
        flat = self.rotation.apply(points.reshape(-1, 3) - pivot) + pivot
        return np.asarray(flat.reshape(points.shape), float)


def posed(points: Floats, rest: Floats, pose: Pose) -> Floats:
    """(V, 3) turned about the neck: the head fully, the shoulders in part, the neck in between.

    rest: (V, 3) without any shape target, which says what is head and what is neck.
    """
    pivot = neck_pivot(points)
    # The neck leans forward: what lies high at the back belongs to the head, as the chin does.
    height = rest[:, 1] + 0.35 * np.clip(rest[:, 2] - 0.3, -0.6, 0.8)
    share = np.clip((height - 5.6) / 0.95, 0, 1)
    share = share * share * (3 - 2 * share)
    body = Pose(pose.yaw * (1 - _SHARE_OF_NECK), 0.15 * pose.pitch, 0.15 * pose.roll)
    rotations = np.array([body.yaw, body.pitch, body.roll]) + share[:, None] * (
        np.array([pose.yaw, pose.pitch, pose.roll]) - np.array([body.yaw, body.pitch, body.roll])
    )
    angles = rotations * [1, -1, -1]
    turned: Floats = Rotation.from_euler("ZXY", angles[:, [2, 1, 0]], degrees=True).apply(
        points - pivot
    )
    return turned + pivot


def neck_pivot(points: Floats) -> Floats:
    """(3,) what the head turns about."""
    middle: Floats = points[_NECK].mean(axis=0) + np.array([0, 0.35, 0.25])
    return middle
