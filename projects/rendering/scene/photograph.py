"""From traced light to a photograph: noise of the tracing removed, light that spreads under the
skin, exposure, the sensor and its JPEG.

Light divided by reflectance is smooth, so it can be filtered without blurring the colours
(edge-avoiding wavelets, Dammertz et al. 2010); inside the skin red spreads furthest (screen-space
subsurface scattering, Jimenez et al. 2009).
"""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.scene.path_tracing import Traced
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels

_SKIN = (Label.SKIN, Label.NOSE, Label.UPPER_LIP, Label.LOWER_LIP, Label.EARS, Label.NECK)
_FACE = (Label.SKIN, Label.NOSE)
_INSTANTS = 9
"""Of an exposure during which something moves."""


@dataclass(frozen=True)
class Sensor:
    """exposure: stops over the middle. warmth: of the white balance. noise: of full scale.
    blur: in pixels; motion: length of a smear in pixels, at an angle in degrees. quality: of the
    JPEG."""

    exposure: float
    warmth: float
    noise: float
    blur: float
    motion: float
    angle: float
    quality: int


def draw_sensor(rng: np.random.Generator) -> Sensor:
    poor = rng.random() < 0.25
    return Sensor(
        exposure=float(rng.normal(0, 0.22)),
        warmth=float(rng.normal(0, 0.05)),
        noise=float(rng.uniform(0.012, 0.04) if poor else rng.uniform(0.001, 0.012)),
        blur=float(rng.uniform(0.7, 1.3) if poor else rng.uniform(0.25, 0.6)),
        motion=float(rng.uniform(3, 7) if rng.random() < 0.06 else 0),
        angle=float(rng.uniform(0, 180)),
        quality=int(rng.integers(62, 80) if poor else rng.integers(80, 90)),
    )


def photograph(
    traced: Traced,
    backdrop: Floats,
    unit: float,
    sensor: Sensor,
    rng: np.random.Generator,
    motion: Floats | None = None,
) -> bytes:
    """The JPEG. backdrop: (S, S, 3) linear. unit: pixels a head unit. motion: (S, S, 2) pixels
    that what is seen goes during the exposure."""
    light = _smoothed(traced)
    light = _scattered(light, traced, unit)
    cover = traced.cover[:, :, None].clip(0, 1)
    picture: AnyFloats = light * traced.reflectance + (1 - cover) * backdrop
    picture = picture * _gain(light * traced.reflectance, traced) * 2**sensor.exposure
    picture = picture * [1 + sensor.warmth, 1.0, 1 - sensor.warmth]
    if motion is not None:
        picture = exposed(picture, motion)
    picture = np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), sensor.blur), float)
    if sensor.motion:
        picture = _smeared(picture, sensor)
    grain = rng.normal(0, 1, picture.shape) * np.sqrt(sensor.noise**2 * (0.25 + picture.clip(0)))
    return _jpeg(_developed(picture + grain), sensor.quality)


def _smoothed(traced: Traced) -> Floats:
    """(S, S, 3) light without reflectance: three passes of a 3 by 3 kernel with growing holes."""
    light = (traced.light / np.maximum(traced.reflectance, 0.004)).astype(np.float32)
    light = np.minimum(light, 12)
    spread = cv2.GaussianBlur(light, (0, 0), 1.2)
    guide = traced.normals.astype(np.float32)
    depth = np.where(np.isfinite(traced.depth), traced.depth, 99).astype(np.float32)
    kernel = np.array([1, 2, 1], np.float32) / 4
    for level in range(3):
        hole, total, weights = 2**level, np.zeros_like(light), np.zeros(light.shape[:2], np.float32)
        for row in range(3):
            for column in range(3):
                shift = ((row - 1) * hole, (column - 1) * hole)
                other, facing, away, around = (
                    np.roll(values, shift, (0, 1)) for values in (light, guide, depth, spread)
                )
                weight = (
                    kernel[row]
                    * kernel[column]
                    * np.exp(
                        -((facing - guide) ** 2).sum(axis=2) * 12
                        - abs(away - depth) / (0.03 * hole)
                        - ((around - spread) ** 2).sum(axis=2) / (0.03 + 0.03 * spread.sum(axis=2))
                    )
                )
                total += weight[:, :, None] * other
                weights += weight
        light = (total / np.maximum(weights, 1e-6)[:, :, None]).astype(np.float32)
    return light.astype(float)


def _scattered(light: Floats, traced: Traced, unit: float) -> Floats:
    skin = np.isin(traced.labels, _SKIN).astype(np.float32)
    found = light.copy()
    for channel, reach in enumerate((0.028, 0.012, 0.007)):
        sigma = max(0.3, reach * unit)
        near = cv2.GaussianBlur((light[:, :, channel] * skin).astype(np.float32), (0, 0), sigma)
        weight = cv2.GaussianBlur(skin, (0, 0), sigma)
        spread = near / np.maximum(weight, 1e-3)
        found[:, :, channel] += 0.85 * skin * (spread - light[:, :, channel])
    return found


def _gain(picture: Floats, traced: Traced) -> float:
    """Brings the lit face to a middle tone, dark skin to a darker one."""
    face = np.isin(traced.labels, _FACE)
    if face.sum() < 50:
        return 1.0
    bright = picture[face] @ [0.2126, 0.7152, 0.0722]
    own = traced.reflectance[face] @ [0.2126, 0.7152, 0.0722]
    wanted = 0.5 * float(np.mean(own)) ** 0.62
    return float(wanted / max(1e-3, float(np.percentile(bright, 65))))


def exposed(picture: AnyFloats, motion: Floats) -> AnyFloats:
    """The mean of what is seen during the exposure, in whose middle is the picture."""
    size = len(picture)
    rows, columns = np.mgrid[:size, :size].astype(np.float32)
    moved = motion.astype(np.float32)
    shares = np.linspace(-0.5, 0.5, _INSTANTS)
    total = np.zeros(picture.shape, np.float32)
    for share in shares.tolist():
        places = columns - share * moved[..., 0], rows - share * moved[..., 1]
        total += cv2.remap(
            picture.astype(np.float32), *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return np.asarray(total / _INSTANTS, float)


def _smeared(picture: AnyFloats, sensor: Sensor) -> AnyFloats:
    length = 2 * int(sensor.motion) + 1
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D((length // 2, length // 2), sensor.angle, 0.5)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)))
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def _developed(picture: AnyFloats) -> Pixels:
    """A soft shoulder in the highlights, then the sRGB curve."""
    bent = np.where(picture < 0.7, picture, 0.7 + 0.3 * np.tanh((picture - 0.7) / 0.45))
    bent = bent.clip(0, 1)
    coded = np.where(bent <= 0.0031308, 12.92 * bent, 1.055 * bent ** (1 / 2.4) - 0.055)
    return np.round(coded * 255).astype(np.uint8)


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()
