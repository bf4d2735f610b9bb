"""The camera: it looks at the head, at some distance and focal length; at rest along -z."""

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True)
class View:
    """centre: (3,) the point seen in the picture's middle. distance: of the camera from it.
    across: how much of the plane through it the picture shows. size: in pixels. orbit: from the
    frame of the camera at rest to that of this one, which is turned about the centre."""

    centre: Floats
    distance: float
    across: float
    size: int
    orbit: Rotation = field(default_factory=Rotation.identity)

    @property
    def eye(self) -> Floats:
        return self.placed(np.array([0, 0, self.distance]))

    def seen(self, points: Floats) -> Floats:
        """(n, 3) about the centre: x right, y up, z to the camera."""
        return np.asarray(self.orbit.apply(points - self.centre), float)

    def placed(self, seen: Floats) -> Floats:
        """The inverse of `seen`."""
        return np.asarray(self.orbit.inv().apply(seen) + self.centre, float)

    @property
    def focal(self) -> float:
        """In pixels."""
        return self.size * self.distance / self.across

    def project(self, points: Floats) -> Floats:
        """(n, 2) picture coordinates of points (n, 3)."""
        away = self.seen(points)
        flat = self.focal * away[:, :2] * [1, -1] / (self.distance - away[:, 2:])
        picture: Floats = flat + (self.size - 1) / 2
        return picture

    def depth(self, points: Floats) -> Floats:
        """(n,) distance along the line of sight's axis."""
        depth: Floats = self.distance - self.seen(points)[:, 2]
        return depth

    @property
    def field(self) -> float:
        """Degrees across the picture."""
        return float(np.degrees(2 * np.arctan(self.size / 2 / self.focal)))


def draw_view(points: Floats, size: int, rng: np.random.Generator, orbit: Rotation) -> View:
    """Frames a face whose landmarks are (68, 3)."""
    about = View(np.zeros(3), 1, 1, size, orbit)
    seen = about.seen(points)
    low, high = seen.min(axis=0), seen.max(axis=0)
    extent = float((high - low)[:2].max())
    across = extent / float(rng.uniform(0.40, 0.56))
    shift = rng.normal(0, 0.035, 2) * across + [0, 0.09 * across]
    centre = about.placed((low + high) / 2 + [shift[0], shift[1], 0])
    distance = float(np.exp(rng.uniform(np.log(5.0), np.log(22.0))))
    return View(centre, distance, across, size, orbit)
