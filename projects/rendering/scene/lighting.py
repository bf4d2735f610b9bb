"""Light from all sides as one picture: the surroundings and two lamps far away.

One emitter whose values are data: every scene then compiles to the same program.
"""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_HEIGHT = 64


def draw_light(backdrop: Floats, rng: np.random.Generator) -> Floats:
    """(64, 128, 3) radiance by latitude, from above, and longitude, as Mitsuba counts it.

    A main lamp, soft or hard, a weaker one from elsewhere, and the surroundings in the colours of
    the backdrop (S, S, 3), brighter from above.
    """
    side = float(rng.choice([-1, 1]))
    main = _direction(side * rng.uniform(5, 75), rng.uniform(5, 60))
    other = _direction(-side * rng.uniform(40, 165), rng.uniform(0, 50))
    warm = float(rng.normal(0, 0.1))
    strength = float(rng.uniform(0.8, 2.6))
    fill = float(np.exp(rng.uniform(np.log(0.1), np.log(1.6))))
    width = float(np.exp(rng.uniform(np.log(5), np.log(27))))
    around = float(np.exp(rng.uniform(np.log(0.12), np.log(0.7)))) * _surroundings(backdrop, rng)
    around += _lamp(main, width, strength * np.array([1 + warm, 1.0, 1 - warm]))
    around += _lamp(other, 10.0, fill * np.array([1 - 0.8 * warm, 1.0, 1 + 0.8 * warm]))
    return around


def _surroundings(backdrop: Floats, rng: np.random.Generator) -> Floats:
    mean = backdrop.reshape(-1, 3).mean(axis=0)
    tint = 0.25 * mean / mean.mean() + 0.75
    height = np.linspace(1, 0, _HEIGHT)[:, None, None]
    longitude = np.linspace(0, 2 * np.pi, 2 * _HEIGHT) + rng.uniform(0, 6)
    around: Floats = (
        (0.2 + 0.8 * height**1.2) * (1 + 0.35 * np.cos(longitude))[None, :, None] * tint
    )
    return around


def _lamp(towards: Floats, width: float, light: Floats) -> Floats:
    """A soft-edged disc of `width` degrees across its half, that gives `light` (3,) at the head."""
    polar, turn = np.meshgrid(
        (np.arange(_HEIGHT) + 0.5) / _HEIGHT * np.pi,
        (np.arange(2 * _HEIGHT) + 0.5) / _HEIGHT * np.pi,
        indexing="ij",
    )
    directions = np.stack(
        [np.sin(polar) * np.sin(turn), np.cos(polar), -np.sin(polar) * np.cos(turn)], axis=-1
    )
    away = np.degrees(np.arccos((directions @ towards).clip(-1, 1)))
    disc = np.clip((width - away) / 3 + 0.5, 0, 1)
    solid = (disc * np.sin(polar)).sum() * (np.pi / _HEIGHT) ** 2
    lamp: Floats = disc[:, :, None] * light / solid
    return lamp


def _direction(side: float, up: float) -> Floats:
    turn, lift = np.radians([side, up])
    return np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
