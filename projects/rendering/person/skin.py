"""Colour and fine relief of skin, lips and the shirt, vertex by vertex."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.rendering.mesh.noise import layered_noise, smooth_noise
from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.mesh.regions import Regions, hairy
from landmark_annotator.projects.vocabulary.arrays import Floats

_TONES = np.array(
    [
        [238, 204, 184], [228, 186, 160], [212, 166, 134], [188, 138, 104],
        [148, 102, 74], [106, 70, 50], [74, 49, 38],
    ]
)  # fmt: skip
"""sRGB from light to dark."""


@dataclass(frozen=True)
class Complexion:
    """tone: 0 light .. 1 dark. redness, freckles, wear: 0..1. stubble: shadow of a shaved beard.
    scalp: shadow of hair. receding: of the hairline. lipstick: sRGB 0..1 or None."""

    tone: float
    redness: float
    freckles: float
    wear: float
    stubble: float
    scalp: float
    receding: float
    hair: Floats
    lipstick: Floats | None
    shirt: Floats
    stripes: Floats | None
    collar: float


def linear(srgb: Floats) -> Floats:
    """sRGB 0..1 as reflectance."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def skin_tone(tone: float) -> Floats:
    """(3,) reflectance."""
    stops = np.linspace(0, 1, len(_TONES))
    return linear(np.array([np.interp(tone, stops, _TONES[:, k] / 255) for k in range(3)]))


def skin_colours(regions: Regions, look: Complexion, rng: np.random.Generator) -> Floats:
    """(n, 3) of every fine vertex of the head."""
    p, x = regions.rest, abs(regions.rest[:, 0])
    colour = np.tile(skin_tone(look.tone), (len(p), 1))
    colour *= (1 + 0.10 * layered_noise(p, 0.35, rng) + 0.10 * layered_noise(p, 0.06, rng))[:, None]
    fair = 1 - 0.75 * look.tone
    cheeks = _spot(p, [0.42, 6.95, 1.2], 0.22)
    flush = (
        0.5 * cheeks + 0.55 * _spot(p, [0, 6.95, 1.65], 0.12) + 0.2 * _spot(p, [0, 6.3, 1.45], 0.2)
    )
    flush += 0.5 * (regions.labels == Label.EARS) + 0.3 * _spot(p, [0.32, 7.33, 1.35], 0.12)
    flush *= (0.35 + 0.65 * look.redness) * fair * (1 + 0.4 * smooth_noise(p, 0.12, rng))
    colour *= 1 - flush[:, None] * [0.03, 0.3, 0.26]
    under = _spot(p, [0.3, 7.13, 1.4], 0.1) + 0.7 * _spot(p, [0.2, 7.26, 1.36], 0.06)
    colour *= 1 - (0.1 + 0.25 * look.wear) * under[:, None] * [0.8, 1.0, 0.75]
    spots = np.clip(smooth_noise(p, 0.035, rng) - 0.62, 0, 1) * 2.2
    where = np.clip(cheeks + _spot(p, [0, 7.0, 1.6], 0.25) + 0.25, 0, 1) * (x < 0.7)
    colour *= 1 - (look.freckles * spots * where)[:, None] * [0.45, 0.6, 0.7]
    aged = np.clip(smooth_noise(p, 0.09, rng) - 0.6, 0, 1) * look.wear * 1.2
    colour *= 1 - aged[:, None] * [0.3, 0.4, 0.45]
    _mix(colour, look.hair * 0.7, 0.75 * look.stubble * regions.beard)
    hair = hairy(p, look.receding, 0.12) * (regions.scalp > 0)
    _mix(colour, look.hair * 0.6, look.scalp * hair)
    _mix(colour, _lip_colour(look), regions.lips * (0.92 if look.lipstick is not None else 0.75))
    _mix(colour, np.array([0.22, 0.045, 0.045]), (regions.labels == Label.MOUTH) * 1.0)
    rim = _spot(p, [0.32, 7.285, 1.36], 0.13) * (p[:, 2] < 1.335)
    _mix(colour, np.array([0.32, 0.1, 0.09]), 0.6 * np.clip(rim, 0, 1))
    return np.clip(colour, 0.01, 0.9)


def shirted(
    regions: Regions, look: Complexion, colours: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The colours with the shirt painted in, and (n,) how far the cloth stands off the skin."""
    p, x = regions.rest, regions.rest[:, 0]
    depth = 5.93 - 0.33 * p[:, 2] + look.collar * np.exp(-((x / 0.7) ** 2)) - p[:, 1]
    cloth = np.clip(depth / 0.02, 0, 1)
    shade = look.shirt * (1 + 0.12 * layered_noise(p, 0.15, rng))[:, None]
    if look.stripes is not None:
        band = (np.sin(p[:, 1] * 26) > 0.2)[:, None]
        shade = np.where(band, look.stripes, shade)
    _mix(colours, shade, cloth)
    folds = 0.035 + 0.03 * layered_noise(p * [1, 0.4, 1], 0.4, rng)
    hem = 0.03 * np.exp(-(((depth - 0.05) / 0.04) ** 2))
    return colours, cloth * (folds.clip(0.01) + hem)


def relief(regions: Regions, look: Complexion, rng: np.random.Generator) -> Floats:
    """(n,) how far pores, lines and lip furrows move each vertex along its normal."""
    p = regions.rest
    pores = smooth_noise(p, 0.022, rng) * (0.0022 + 0.003 * look.wear)
    lines = layered_noise(p * [0.35, 1.6, 0.6], 0.07, rng) * 0.006 * look.wear
    brow = np.sin(p[:, 1] * 60 + 2 * smooth_noise(p, 0.4, rng)) * 0.007 * look.wear**2
    forehead = _spot(p * [0.5, 1, 1], [0, 7.72, 1.5], 0.16) * brow
    furrows = np.sin(p[:, 0] * 190 + smooth_noise(p, 0.1, rng) * 3) * 0.0018 * regions.lips
    quiet = np.isin(regions.labels, (Label.MOUTH, Label.EARS))
    return (pores + lines + forehead) * (1 - regions.lips) * ~quiet + furrows


def _lip_colour(look: Complexion) -> Floats:
    if look.lipstick is not None:
        return linear(look.lipstick)
    base = skin_tone(look.tone)
    rosy = base * [0.92, 0.58, 0.6] * (1.0 - 0.1 * look.tone)
    return rosy + look.redness * np.array([0.03, 0, 0.005])


def _spot(points: Floats, centre: list[float], radius: float) -> Floats:
    """(n,) a soft spot on both sides of the face."""
    away = np.column_stack([abs(points[:, 0]), points[:, 1:]]) - centre
    spot: Floats = np.exp(-(away**2).sum(axis=1) / (2 * radius**2))
    return spot


def _mix(colours: Floats, other: Floats, share: Floats) -> None:
    colours += share[:, None] * (other - colours)
