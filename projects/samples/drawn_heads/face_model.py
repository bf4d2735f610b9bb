"""The face in three dimensions: one parametric model gives both the drawing and its landmarks.

Model frame: x to the image's right, y down, z towards the viewer; the origin lies between the
eyes; the unit is the distance of the outer eye corners in a face without any variation.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

MIRROR = np.array([-1.0, 1.0, 1.0])
_PIVOT = np.array([0.0, 0.4, -0.35])
"""The head turns about this point."""
_VIEWER = 8.0
"""Distance of the viewer: a mild perspective."""


@dataclass(frozen=True)
class Face:
    """landmarks: (68, 3) in 300-W order, in the model frame before the head turns."""

    landmarks: Floats
    eyes_open: bool
    mouth_open: bool


def sampled_face(rng: np.random.Generator) -> Face:
    """A plausible person with an expression."""
    size = rng.normal(size=(11,)) * [
        0.045,
        0.5,
        0.05,
        0.07,
        0.035,
        0.02,
        0.3,
        0.06,
        0.1,
        0.22,
        0.07,
    ]
    width, chin, eye, arch, nose_long, nose_wide, lips, mouth = 1 + size[[0, 2, 3, 6, 7, 8, 9, 10]]
    jaw, eye_tilt, brow_up = np.clip(size[1], -1, 1), size[4], size[5]
    lips = np.clip(lips, 0.6, 1.5)
    lid_gap = 0.0 if rng.random() < 0.12 else rng.uniform(0.65, 0.98)
    mouth_gap = rng.uniform(0.35, 1.0) if rng.random() < 0.35 else 0.0
    smile, drop = rng.uniform(0.3, 1.1), 0.16 * mouth_gap

    # fmt: off
    half_jaw = np.array([
        [-0.800, 0.02, -0.42], [-0.795, 0.24, -0.40], [-0.775, 0.46, -0.36],
        [-0.730, 0.67, -0.27], [-0.640, 0.87, -0.14], [-0.510, 1.03, 0.02],
        [-0.345, 1.16, 0.16], [-0.175, 1.245, 0.27], [0.0, 1.27, 0.30],
    ])
    lowness = np.clip((half_jaw[:, 1] - 0.3) / 0.9, 0.0, 1.0)
    half_jaw[:, 0] *= width * (1 + 0.09 * jaw * np.sin(np.pi * np.minimum(lowness, 0.95)))
    stretch = np.where(lowness > 0.5, chin, 1)
    half_jaw[:, 1] = 0.7 + (half_jaw[:, 1] - 0.7) * stretch + drop * lowness
    along = np.linspace(0.0, 1.0, 5)
    bow = 0.115 * arch * np.sin(np.pi * (0.12 + 0.76 * along) ** 0.85)
    brow = np.column_stack([-0.62 + 0.47 * along, -0.2 - 0.03 * along - bow - brow_up,
                            [-0.12, 0.07, 0.20, 0.27, 0.30]])
    nose = np.array([
        [0, 0.0, 0.27], [0, 0.15, 0.35], [0, 0.30, 0.44], [0, 0.44, 0.52],
        [-0.165, 0.53, 0.24], [-0.085, 0.575, 0.33], [0, 0.60, 0.37],
        [0.085, 0.575, 0.33], [0.165, 0.53, 0.24],
    ]) * [nose_wide, nose_long, 1.0]
    half, shut = 0.175 * eye, 0.035
    upper, lower = shut - (0.105 * eye + shut) * lid_gap, shut + (0.07 * eye - shut) * lid_gap
    lids = np.array([
        [-half, 0.0, 0.03], [-0.36 * half, upper, 0.17], [0.40 * half, upper, 0.24],
        [half, 0.012, 0.19], [0.40 * half, lower, 0.23], [-0.36 * half, lower, 0.16],
    ])
    lids[:, 1] += eye_tilt * (lids[:, 0] - half) / half
    lids[:, 0] -= 0.335
    eyes = np.vstack([lids, (lids * MIRROR)[[3, 2, 1, 0, 5, 4]]])

    wide, gap, top = mouth * (1 + 0.16 * smile - 0.12 * mouth_gap), 0.3 * mouth_gap, 0.83
    top += (nose_long - 1) * 0.3
    corner = np.array([[-0.265 * wide, 0.832 - 0.075 * smile + 0.25 * drop, 0.18]])
    outer_top = np.array([[-0.15 * wide, top - 0.035 * lips, 0.27],
                          [-0.055, top - 0.062 * lips, 0.30], [0, top - 0.048 * lips, 0.31]])
    outer_low = np.array([[0, top + gap + 0.095 * lips, 0.29],
                          [-0.075, top + gap + 0.088 * lips, 0.28],
                          [-0.17 * wide, top + 0.8 * gap + 0.056 * lips, 0.255]])
    inner_top = np.array([[-0.085 * wide, top + 0.004, 0.275], [0, top + 0.009, 0.29]])
    # fmt: on
    inner_low = inner_top + np.array([0, gap + 0.004, -0.01])
    for part in (outer_top, outer_low, inner_top, inner_low):
        part[:, 1] += 0.25 * drop + 0.02 * smile * (1 - (part[:, 0] / 0.2) ** 2)
    inner_corner = corner * [0.86, 1, 1] + np.array([0, 0.004, 0.02])
    parts = [_both(half_jaw), brow, brow[::-1] * MIRROR, nose, eyes]
    parts += [_both(np.vstack([corner, outer_top])), outer_low[:0:-1] * MIRROR, outer_low]
    parts += [_both(np.vstack([inner_corner, inner_top])), inner_low[:1] * MIRROR, inner_low[::-1]]
    return Face(np.vstack(parts), lid_gap > 0, mouth_gap > 0)


def _both(half: Floats) -> Floats:
    """(2n - 1, 3) a curve that ends on the middle, then its mirror image backwards."""
    return np.vstack([half, half[-2::-1] * MIRROR])


@dataclass(frozen=True)
class Pose:
    """Carries points of the model frame into image pixels.

    centre: (2,) where the pivot falls; unit: pixels of one model unit at the pivot's depth.
    """

    rotation: Floats
    centre: Floats
    unit: float

    @classmethod
    def of(cls, angles: Floats, centre: Floats, unit: float) -> "Pose":
        """angles: yaw, pitch and roll in radians."""
        (cy, cp, cr), (sy, sp, sr) = np.cos(angles), np.sin(angles)
        about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return cls(about_z @ about_x @ about_y, centre, unit)

    def project(self, points: Floats) -> Floats:
        """(..., 3) model frame to (..., 2) image pixels."""
        turned = (points - _PIVOT) @ self.rotation.T
        scale = self.unit * _VIEWER / (_VIEWER - turned[..., 2:])
        return np.asarray(turned[..., :2] * scale + self.centre)

    def ellipsoid(self, centre: Floats, radii: Floats) -> Floats:
        """(72, 2) the outline of an ellipsoid of the model frame in image pixels."""
        spread = (self.rotation * radii**2) @ self.rotation.T
        turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        circle = np.column_stack([np.cos(turn), np.sin(turn)])
        return np.asarray(
            self.project(centre) + circle @ np.linalg.cholesky(spread[:2, :2]).T * self.unit
        )
