"""How bright the photograph is shown: tables of 256 values, no Qt. The image itself stays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats

Bytes = npt.NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114])
"""Shares of red, green and blue in how bright a pixel looks (ITU-R BT.601)."""


@dataclass(frozen=True)
class Tone:
    """brightness, contrast: -1..1; gamma: above one lightens the shadows.

    equalised: spread so that every brightness is equally common.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    grey: bool = False
    equalised: bool = False

    @property
    def neutral(self) -> bool:
        return self == Tone()


def brightness_shares(pixels: Bytes) -> Floats:
    """(256,) the share of the pixels (H, W, 3) that are at most so bright."""
    counts = np.bincount((pixels @ _LUMA).astype(np.uint8).ravel(), minlength=256)
    return np.asarray(np.cumsum(counts) / max(counts.sum(), 1))


def table(tone: Tone, shares: Floats) -> Bytes:
    """(256,) what each value becomes; never falls. shares: `brightness_shares` of the image."""
    values = np.linspace(0.0, 1.0, 256)
    if tone.equalised:
        values = shares
    values = values ** (1.0 / tone.gamma)
    # At full contrast half of the range fills all of it; at none it is flat.
    slope = np.tan((tone.contrast + 1.0) * np.pi / 4) if tone.contrast < 1 else 1e6
    values = (values - 0.5) * slope + 0.5 + tone.brightness / 2
    return np.asarray(np.clip(values * 255.0 + 0.5, 0, 255), dtype=np.uint8)


def toned(pixels: Bytes, tone: Tone, shares: Floats) -> Bytes:
    """(H, W, 3) as the tone shows it."""
    if tone.grey:
        grey = (pixels @ _LUMA + 0.5).astype(np.uint8)
        pixels = np.repeat(grey[..., None], 3, axis=2)
    return np.asarray(table(tone, shares)[pixels])
