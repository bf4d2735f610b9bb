"""Backgrounds out of focus."""

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

KINDS = ("studio", "room", "street", "green", "lights", "sky")


def draw_backdrop(size: int, rng: np.random.Generator) -> tuple[str, Floats]:
    """Its kind and (size, size, 3) linear light, about 0.05 to 1."""
    kind = str(rng.choice(KINDS, p=[0.22, 0.26, 0.16, 0.16, 0.1, 0.1]))
    canvas = {
        "studio": _studio, "room": _room, "street": _street,
        "green": _green, "lights": _lights, "sky": _sky,
    }[kind](size, rng)  # fmt: skip
    blur = float(rng.uniform(0.008, 0.035)) * size
    soft = cv2.GaussianBlur(canvas.astype(np.float32), (0, 0), blur, borderType=cv2.BORDER_REFLECT)
    return kind, soft.astype(float) * float(np.exp(rng.normal(0, 0.3)))


def _studio(size: int, rng: np.random.Generator) -> Floats:
    y, x = np.mgrid[0:size, 0:size] / size
    base = rng.uniform(0.05, 0.7) * (1 + rng.uniform(-0.35, 0.35, 3))
    glow = np.exp(-((x - rng.uniform(0.2, 0.8)) ** 2 + (y - rng.uniform(0.2, 0.7)) ** 2) / 0.18)
    return np.asarray(base * (0.55 + 0.75 * glow)[:, :, None], float)


def _room(size: int, rng: np.random.Generator) -> Floats:
    wall = rng.uniform(0.2, 0.65) * (1 + rng.uniform(-0.2, 0.2, 3))
    canvas = np.tile(wall, (size, size, 1))
    for _ in range(rng.integers(2, 6)):
        x, y = rng.uniform(-0.1, 0.9, 2) * size
        wide, high = rng.uniform(0.12, 0.45, 2) * size
        colour = rng.uniform(0.05, 0.9) * rng.uniform(0.6, 1, 3)
        _box(canvas, x, y, wide, high, colour * 0.35)
        _box(
            canvas, x + 0.02 * size, y + 0.02 * size, wide - 0.04 * size, high - 0.04 * size, colour
        )
    if rng.random() < 0.5:
        shelf, width = rng.uniform(0.1, 0.6) * size, 0.0
        while width < size:
            wide = rng.uniform(0.02, 0.06) * size
            _box(canvas, width, shelf, wide, 0.2 * size, rng.uniform(0.03, 0.5, 3))
            width += wide
    if rng.random() < 0.4:
        _box(
            canvas,
            rng.uniform(0, 0.7) * size,
            0,
            0.3 * size,
            0.6 * size,
            np.array([1.5, 1.55, 1.6]),
        )
    return canvas * np.linspace(1.1, 0.7, size)[:, None, None]


def _street(size: int, rng: np.random.Generator) -> Floats:
    canvas = np.tile(rng.uniform(0.5, 0.9) * np.array([0.9, 0.97, 1.08]), (size, size, 1))
    for x in np.arange(-0.1, 1.0, 0.22):
        top, colour = rng.uniform(0, 0.4), rng.uniform(0.08, 0.5) * rng.uniform(0.75, 1, 3)
        _box(canvas, x * size, top * size, 0.25 * size, size, colour)
        for row in np.arange(top + 0.05, 0.8, 0.12):
            for column in (0.03, 0.1, 0.17):
                _box(
                    canvas,
                    (x + column) * size,
                    row * size,
                    0.04 * size,
                    0.07 * size,
                    colour * rng.uniform(0.3, 1.8),
                )
    _box(canvas, 0, 0.8 * size, size, size, np.full(3, rng.uniform(0.1, 0.3)))
    return canvas


def _green(size: int, rng: np.random.Generator) -> Floats:
    canvas = np.tile(np.array([0.10, 0.17, 0.05]) * rng.uniform(0.6, 1.6), (size, size, 1))
    for _ in range(260):
        colour = np.array([0.16, 0.26, 0.07]) * rng.uniform(0.2, 2.4) * rng.uniform(0.8, 1.2, 3)
        _disc(canvas, rng.uniform(0, 1, 2) * size, rng.uniform(0.01, 0.06) * size, colour, 0.7)
    bright = np.linspace(1.5, 0.8, size)[:, None, None]
    return canvas * bright


def _lights(size: int, rng: np.random.Generator) -> Floats:
    canvas = np.tile(rng.uniform(0.01, 0.06, 3), (size, size, 1))
    for _ in range(rng.integers(15, 45)):
        colour = rng.choice([[1.0, 0.65, 0.3], [0.5, 0.7, 1.0], [1.0, 0.9, 0.75], [0.9, 0.3, 0.3]])
        _disc(
            canvas,
            rng.uniform(0, 1, 2) * size,
            rng.uniform(0.015, 0.05) * size,
            colour * rng.uniform(0.3, 1.3),
            0.7,
        )
    return canvas


def _sky(size: int, rng: np.random.Generator) -> Floats:
    y = np.linspace(0, 1, size)[:, None, None]
    top, low = np.array([0.25, 0.42, 0.75]), np.array([0.75, 0.8, 0.85])
    canvas = np.tile(top + y * (low - top), (1, size, 1))
    for _ in range(12):
        _disc(
            canvas,
            rng.uniform(0, 1, 2) * [size, 0.6 * size],
            rng.uniform(0.04, 0.12) * size,
            np.full(3, 0.95),
            0.35,
        )
    line = rng.uniform(0.55, 0.8)
    _box(canvas, 0, line * size, size, size, rng.uniform(0.08, 0.3) * np.array([0.9, 0.95, 0.7]))
    return canvas


def _box(canvas: Floats, x: float, y: float, wide: float, high: float, colour: Floats) -> None:
    x, y = max(0.0, x), max(0.0, y)
    canvas[int(y) : int(y + high), int(x) : int(x + wide)] = colour


def _disc(canvas: Floats, at: Floats, radius: float, colour: Floats, opacity: float) -> None:
    y, x = np.ogrid[: canvas.shape[0], : canvas.shape[1]]
    inside = (x - at[0]) ** 2 + (y - at[1]) ** 2 < radius**2
    canvas[inside] += opacity * (colour - canvas[inside])
