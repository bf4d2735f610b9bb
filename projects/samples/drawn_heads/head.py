"""One drawn head with its 68 landmarks, all from a seed."""

import cv2
import numpy as np

from landmark_annotator.projects.samples.drawn_heads.drawing import Canvas, disc, smooth
from landmark_annotator.projects.samples.drawn_heads.face_model import (
    MIRROR,
    Face,
    Pose,
    sampled_face,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.shape import Shape

IMAGE_SIZE = 384
# fmt: off
# Colours are RGB, 0..255.
_SKINS = ((255, 224, 200), (247, 208, 178), (236, 190, 154), (222, 170, 130), (196, 140, 100),
          (160, 106, 74), (126, 82, 58), (98, 64, 48))
_HAIRS = ((38, 30, 32), (62, 42, 34), (96, 62, 42), (140, 92, 54), (196, 152, 92),
          (226, 190, 128), (150, 70, 40), (176, 172, 170))
_IRISES = ((92, 60, 38), (70, 44, 30), (84, 120, 150), (96, 128, 88), (120, 92, 52))
_SHIRTS = ((56, 92, 128), (176, 74, 66), (74, 120, 96), (216, 168, 74), (96, 82, 128),
           (226, 222, 214), (58, 62, 74), (206, 128, 120))
_BACKDROPS = ((208, 226, 236), (240, 222, 200), (212, 230, 208), (230, 216, 234),
              (250, 236, 204), (198, 212, 220), (120, 140, 150), (244, 214, 208))
_FRAMES = ((40, 36, 40), (110, 66, 40), (64, 84, 120), (150, 50, 56))
_STYLES = ("short", "short", "long", "bob", "bun", "curly", "bald")
_WHITE, _DARK = np.array([250.0, 247.0, 243.0]), np.array([38.0, 26.0, 24.0])
_SKULL, _SKULL_RADII = np.array([0.0, -0.16, -0.46]), np.array([0.87, 0.92, 1.0])
_LONG = np.array([[0.3, 1.9, -0.6], [0.95, 1.75, -0.5], [1.05, 1.2, -0.6], [1.02, 0.5, -0.6],
                  [0.97, -0.05, -0.5], [0.76, -0.55, -0.5]])
_BOB = np.array([[0.6, 1.12, -0.6], [1.02, 0.95, -0.5], [1.05, 0.4, -0.55], [0.98, -0.05, -0.5],
                 [0.76, -0.55, -0.5]])
# fmt: on


def draw_head(seed: int) -> tuple[Pixels, Shape]:
    """The head of this seed: (384, 384, 3) RGB, and its exact landmarks in the face68 scheme.

    The same seed always gives the same head. The provenance is IMPORTED, as of labels in a file.
    """
    rng = np.random.default_rng([68, seed])
    face = sampled_face(rng)
    angles = np.clip(rng.normal(size=3) * [0.22, 0.12, 0.13], -0.3, 0.3)
    centre = np.array([IMAGE_SIZE / 2, IMAGE_SIZE / 2 + 22]) + rng.normal(size=2) * [10, 6]
    painter = _Painter(rng, face, Pose.of(angles, centre, rng.uniform(100, 114)))
    painter.backdrop()
    painter.hair_behind()
    painter.body()
    painter.skin_and_ears()
    painter.nose()
    painter.eye(36)
    painter.eye(42)
    painter.brows()
    painter.mouth()
    painter.hair_in_front()
    painter.glasses()
    return painter.finished(), Shape(painter.points).with_provenance(Provenance.IMPORTED)


def _tone(colour: Floats, factor: float) -> Floats:
    """Lighter (factor above 1) or darker; darker is a little warmer too."""
    warm = np.array([1.0, 0.95, 0.94]) ** max(0.0, 2 - 2 * factor)
    return np.clip(colour * factor * warm, 0, 255)


def _both_sides(half: Floats) -> Floats:
    return np.vstack([half, half[::-1] * MIRROR])


class _Painter(Canvas):
    """Paints the parts of one head, back to front. Lengths are in units of the model."""

    def __init__(self, rng: np.random.Generator, face: Face, pose: Pose) -> None:
        super().__init__(IMAGE_SIZE)
        self.rng, self.face, self.pose = rng, face, pose
        self.points, self.project, self.u = pose.project(face.landmarks), pose.project, pose.unit

        def pick(colours: tuple[tuple[int, int, int], ...]) -> Floats:
            return np.array(colours[int(rng.integers(len(colours)))], dtype=np.float64)

        tone = int(rng.integers(len(_SKINS)))
        skin = np.array(_SKINS[tone], dtype=np.float64)
        self.hair = pick(_HAIRS[:3] if tone > 3 else _HAIRS)
        self.iris = pick(_IRISES[:2] if tone > 3 else _IRISES)
        self.lips = skin * [0.86, 0.58, 0.58] + np.array([22, 4, 8]) * rng.uniform(0.2, 1.6)
        self.shirt, self.back, self.frame = pick(_SHIRTS), pick(_BACKDROPS), pick(_FRAMES)
        self.style = _STYLES[int(rng.integers(len(_STYLES)))]
        self.has_beard = self.style in ("short", "bald") and rng.random() < 0.5
        self.skin, self.shade, self.line = skin, _tone(skin, 0.72), _tone(skin, 0.45)

        x, y = self.grid()
        middle = self.project(np.array([0.0, 0.25, 0.2]))
        nx = (x - np.float32(middle[0])) / np.float32(1.05 * self.u)
        ny = (y - np.float32(middle[1])) / np.float32(1.35 * self.u)
        nz = np.sqrt(np.clip(1.25 - nx**2 - ny**2, 0.02, None))
        light = np.clip(-0.45 * nx - 0.42 * ny + 0.79 * nz, 0, 1.05)
        # Light from the upper left on the round of the head; shadows are warmer.
        warm = np.log([1.0, 0.965, 0.95]).astype(np.float32)
        shades = (0.68 + 0.34 * light) * np.exp(warm * (2.2 * (1.05 - light)))
        self.lit_skin = skin.astype(np.float32) * shades
        self.lit_hair = self.hair.astype(np.float32) * shades

    def backdrop(self) -> None:
        x, y = self.grid()
        blend = (0.35 * x + 0.65 * y) / IMAGE_SIZE
        self.paint[:] = self.back.astype(np.float32) * (1.05 - 0.3 * blend)
        for _ in range(9):
            radius, place = self.rng.uniform(18, 70), self.rng.uniform(-20, IMAGE_SIZE + 20, 2)
            self.fill(disc(place, radius, radius), _tone(self.back, 1.1), 0.35, radius / 7)

    def _skull(self, grow: float) -> Floats:
        return self.pose.ellipsoid(_SKULL, _SKULL_RADII * grow)

    def hair_behind(self) -> None:
        if self.style == "bald":
            self.fill(self._skull(0.97), self.lit_skin)
            return
        if self.style in ("long", "bob"):
            fall = _both_sides(_LONG if self.style == "long" else _BOB)
            self.fill(smooth(self.project(fall), True), _tone(self.hair, 0.75))
        if self.style == "bun":
            knot = self.pose.ellipsoid(np.array([0, -1.22, -0.7]), np.full(3, 0.36))
            self.fill(knot, _tone(self.hair, 0.85))
        if self.style == "curly":
            for angle in np.linspace(0.95 * np.pi, 2.05 * np.pi, 15):
                ball = _SKULL + np.array([0.9 * np.cos(angle), 0.95 * np.sin(angle) + 0.05, 0.0])
                size = 0.25 + 0.05 * self.rng.random()
                self.fill(self.pose.ellipsoid(ball, np.full(3, size)), self.lit_hair)
        self.fill(self._skull(1.09), self.lit_hair)

    def body(self) -> None:
        """Neck and shoulders, which keep facing the viewer."""
        root = self.project(np.array([0.0, 1.05, -0.45]))
        low = np.array([IMAGE_SIZE * 0.175 + root[0] * 0.65, root[1] + 0.62 * self.u])
        half_neck = np.array([[0.43, -0.5], [0.41, 0.2], [0.6, 1.4]]) * self.u
        neck = np.vstack([root + half_neck, (root + half_neck * [-1, 1])[::-1]])
        self.fill(neck, _tone(self.skin, 0.88))
        cast = self.points[2:15] + np.array([0, 0.16 * self.u])
        self.fill(cast, self.shade, 0.85, 0.07 * self.u, self.mask(neck))
        half = np.array(
            [[0, 0.42], [0.33, 0.33], [0.62, 0.05], [1.0, 0.2], [1.6, 0.42], [2.1, 2.5]]
        )
        collar = smooth(np.vstack([half[2::-1] * [-1, 1], half[1:3]]) * self.u + low)
        shirt = np.vstack([half[:1:-1] * [-1, 1], half[1::-1] * [-1, 1], half[1:]]) * self.u + low
        self.fill(shirt, self.shirt)
        inside = self.mask(shirt)
        self.fill(shirt + 0.45 * self.u, _tone(self.shirt, 0.8), 0.6, 0.2 * self.u, inside)
        self.stroke(collar, 0.05 * self.u, _tone(self.shirt, 0.75))

    def skin_and_ears(self) -> None:
        u = self.u
        for side in (-1.0, 1.0):
            ear = np.array([side * 0.86, 0.16, -0.52])
            self.fill(self.pose.ellipsoid(ear, np.array([0.09, 0.25, 0.16])), self.lit_skin)
            inner = self.pose.ellipsoid(ear, np.array([0.05, 0.16, 0.1]))
            self.fill(inner, self.shade, 0.6, 0.03 * u)
        # The visible edge: the jaw, the forehead, and the cheek that turns away.
        solid = np.array([
            [0.81, -0.2, -0.36], [0.79, -0.45, -0.22], [0.6, -0.75, -0.1], [0.3, -0.93, 0.0],
            [0.0, -0.98, 0.02], [0.74, 0.30, -0.06], [0.67, 0.55, 0.02], [0.71, -0.1, 0.04],
        ])  # fmt: skip
        solid = np.vstack([smooth(self.points[:17]), self.project(_both_sides(solid))])
        outline = cv2.convexHull(solid.astype(np.float32))[:, 0].astype(np.float64)
        self.fill(outline, self.lit_skin)
        self.inside = self.mask(outline)
        rim = np.vstack([outline, outline[:1]])
        self.stroke(rim, 0.10 * u, self.shade, 0.5, 0.07 * u, self.inside)
        for side in (-1.0, 1.0):
            cheek = self.project(disc(np.array([side * 0.47, 0.47, 0.12]), 0.17, 0.13))
            self.fill(cheek, self.skin * [1, 0.72, 0.7], 0.32, 0.09 * u, self.inside)
        if self.has_beard:
            edge = np.array([[0.72, 0.45, -0.3], [0.58, 0.66, 0.05], [0.3, 0.68, 0.24]])
            beard = [smooth(self.points[3:14]), smooth(self.project(_both_sides(edge)))]
            self.fill(np.vstack(beard), self.lit_hair, 0.8, 0.02 * u, self.inside)

    def nose(self) -> None:
        u, p = self.u, self.points
        bridge, base = smooth(p[27:31]), smooth(p[31:36])
        width = np.linspace(0.05, 0.2, len(bridge)) * u
        self.stroke(bridge + np.array([0.07 * u, 0]), width, self.shade, 0.5, 0.035 * u)
        self.stroke(bridge, width * 0.45, _tone(self.skin, 1.18), 0.5, 0.03 * u)
        self.fill(np.vstack([base, p[30:31]]), self.shade, 0.55, 0.03 * u)
        swell = np.sin(np.linspace(0.12, np.pi - 0.12, len(base)))
        self.stroke(base, (0.012 + 0.02 * swell) * u, self.line, 0.75)
        for wing, hole in ((31, 32), (35, 34)):
            out, up = p[wing] - p[33], p[30] - p[33]
            arc = p[wing] + np.array([0 * up, 0.28 * out + 0.28 * up, 0.12 * out + 0.62 * up])
            self.stroke(smooth(arc), 0.022 * u, self.line, 0.55)
            nostril = 0.55 * p[hole] + 0.3 * p[wing] + 0.15 * p[30]
            self.fill(disc(nostril, 0.042 * u, 0.02 * u), self.line, 0.9, 0.008 * u)

    def eye(self, first: int) -> None:
        u, lids = self.u, self.points[first : first + 6]
        outline, upper, lower = smooth(lids, True), smooth(lids[:4]), smooth(lids[[3, 4, 5, 0]])
        socket = disc(lids.mean(axis=0) - np.array([0, 0.06 * u]), 0.22 * u, 0.09 * u)
        self.fill(socket, self.shade, 0.35, 0.06 * u, self.inside)
        if self.face.eyes_open:
            inside = self.mask(outline)
            self.fill(outline, _WHITE)
            iris = self.face.landmarks[first : first + 6].mean(axis=0) * [1, 0, 1]
            iris += np.array([0.0, 0.012, 0.03])
            rings = ((0.102, _tone(self.iris, 0.55)), (0.087, self.iris), (0.046, _DARK / 2))
            for radius, colour in rings:
                self.fill(self.project(disc(iris, radius, radius)), colour, within=inside)
            glow = self.project(disc(iris + np.array([0, 0.045, 0]), 0.05, 0.03))
            self.fill(glow, _tone(self.iris, 1.6), 0.5, 0.02 * u, inside)
            self.stroke(upper + np.array([0, 0.03 * u]), 0.05 * u, _DARK, 0.35, 0.02 * u, inside)
            spark = self.project(disc(iris + np.array([-0.03, -0.032, 0]), 0.021, 0.021))
            self.fill(spark, np.full(3, 255.0), within=inside)
        taper = np.sin(np.linspace(0.25, np.pi - 0.25, len(upper)))
        self.stroke(upper, (0.014 + 0.026 * taper) * u, _DARK, 0.92)
        self.stroke(lower, 0.012 * u, self.line, 0.6)
        self.stroke(upper - np.array([0, 0.07 * u]), 0.012 * u * taper, self.line, 0.5)

    def brows(self) -> None:
        for row in (self.points[17:22], self.points[26:21:-1]):
            line = smooth(row)
            width = (0.025 + 0.06 * np.minimum(1, np.linspace(0.15, 1.75, len(line)))) * self.u
            self.stroke(line, width, _tone(self.hair, 0.75), 0.9, 0.005 * self.u)

    def mouth(self) -> None:
        u, p = self.u, self.points
        outer, inner = smooth(p[48:60], True), smooth(p[60:68], True)
        under = disc((p[57] + p[8]) / 2 - (p[8] - p[57]) * 0.3, 0.16 * u, 0.04 * u)
        self.fill(under, self.shade, 0.5, 0.05 * u, self.inside)
        self.fill(outer, self.lips)
        top, parting = smooth(p[48:55]), smooth(p[60:65])
        self.fill(np.vstack([top, parting[::-1]]), _tone(self.lips, 0.86))
        if self.face.mouth_open:
            self.fill(inner, np.array([88.0, 24.0, 30.0]))
            cavity = self.mask(inner)
            teeth = np.vstack([parting - 3.0, parting[::-1] + np.array([0, 0.085 * u])])
            self.fill(teeth, _WHITE, within=cavity)
            tongue = disc(p[66], 0.15 * u, 0.07 * u)
            self.fill(tongue, np.array([196.0, 92.0, 98.0]), 1.0, 0.015 * u, cavity)
        else:
            self.stroke(parting, 0.018 * u, _tone(self.lips, 0.45), 0.85)
        shine = disc((p[56] + p[66]) / 2, 0.075 * u, 0.016 * u)
        self.fill(shine, np.array([255.0, 236.0, 228.0]), 0.35, 0.016 * u)

    def hair_in_front(self) -> None:
        if self.style == "bald":
            return
        side, u = float(self.rng.uniform(-1, 1)), self.u
        heights = np.array([0.02, -0.15, -0.42, -0.64, -0.74, -0.64, -0.42, -0.15, 0.02])
        heights += side * np.array([0, 0, 0.1, 0.14, 0, -0.14, -0.1, 0, 0])
        if self.style in ("bob", "long", "bun") and self.rng.random() < 0.45:
            heights[2:7] = [-0.36, -0.47, -0.50, -0.47, -0.36]  # a fringe
        across = np.array(
            [-0.84, -0.82, -0.75, -0.45, 0.12 * np.sign(side), 0.45, 0.75, 0.82, 0.84]
        )
        depth = np.array([-0.6, -0.5, -0.22, -0.02, 0.04, -0.02, -0.22, -0.5, -0.6])
        across *= -self.face.landmarks[0, 0] / 0.8
        front, dome = (
            smooth(self.project(np.column_stack([across, heights, depth]))),
            self._skull(1.09),
        )
        # The part of the skull's outline that leads over the crown from one end to the other.
        ends = [int(np.linalg.norm(dome - end, axis=1).argmin()) for end in (front[-1], front[0])]
        start = self.project(_SKULL + np.array([0.25 * side, -0.85, 0.55]))
        ways = [np.roll(dome, -ends[0], 0), np.roll(dome[::-1], ends[0] + 1, 0)]
        ways = [w[: int(np.linalg.norm(w - dome[ends[1]], axis=1).argmin()) + 1] for w in ways]
        crown = self.project(_SKULL - np.array([0.0, 1.0, 0.0]))
        over = min(ways, key=lambda way: float(np.linalg.norm(way - crown, axis=1).min()))
        cap = np.vstack([front, over])
        below = front + np.array([0, 0.03 * u])
        self.stroke(below, 0.07 * u, self.shade, 0.55, 0.035 * u, self.inside)
        self.fill(cap, self.lit_hair)
        inside = self.mask(cap)
        for i in range(0, len(front), 3):
            bend = (start + front[i]) / 2 + (front[i] - start)[::-1] * [0.12, -0.12]
            lock = smooth(np.vstack([start, bend, front[i]]))
            width = np.sin(np.linspace(0.05, np.pi - 0.3, len(lock))) * 0.03 * u
            tone = _tone(self.hair, 1.3 if i % 2 else 0.65)
            self.stroke(lock, width, tone, 0.3, 0.008 * u, inside)

    def glasses(self) -> None:
        if self.rng.random() > 0.28:
            return
        power, width = self.rng.choice([0.75, 1.0]), 0.034 * self.u
        for side in (-1.0, 1.0):
            ring = disc(np.zeros(3), 1.0, 1.0)
            ring = np.sign(ring) * np.abs(ring) ** power * [0.265, 0.225, 0]
            ring += np.array([side * 0.345, 0.02, 0.3])
            ring[:, 2] -= 0.25 * np.maximum(0, side * ring[:, 0] - 0.3)
            lens = self.project(np.vstack([ring, ring[:1]]))
            self.fill(lens, np.array([225.0, 238.0, 245.0]), 0.13)
            self.stroke(lens, width, self.frame)
            bar = np.array([[side * 0.61, -0.02, 0.22], [side * 0.84, -0.03, -0.45]])
            self.stroke(self.project(bar), width, self.frame)
        bridge = np.array([[-0.09, -0.01, 0.32], [0, -0.045, 0.36], [0.09, -0.01, 0.32]])
        self.stroke(smooth(self.project(bridge)), width, self.frame)
