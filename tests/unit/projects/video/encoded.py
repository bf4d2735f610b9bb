"""Videos that the tests encode themselves."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Pixels

WIDTH, HEIGHT = 96, 64
_TILES = np.random.default_rng(0).integers(120, 256, (4, 4, 3), np.uint8)
_PATTERN = _TILES.repeat(4, axis=0).repeat(4, axis=1)
_SAME = {"threads": "1", "x264-params": "mbtree=0"}
"""Options of x264, so that the same frames give the same file each time and on every machine: of so
small ones its tree of macroblocks gives another one now and then."""


def drawn(number: int) -> Pixels:
    """A bright square that moves, on a ground that changes: no two frames are alike. It has a
    pattern, for of an even one only its edges say where it goes."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    ground = 60 + 40 * np.sin(x / 9 + number / 5)[..., None] * np.array([1.0, 0.6, 0.2])
    pixels = np.clip(ground + (y[..., None] + number) % 24, 0, 255).astype(np.uint8)
    left, top = 3 * number % (WIDTH - 16), 5 * number % (HEIGHT - 16)
    pixels[top : top + 16, left : left + 16] = _PATTERN
    return pixels


def encode(
    path: Path,
    frames: int = 60,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    stamps: Sequence[int] | None = None,
    pixel_format: str = "yuv420p",
    drawings: Sequence[Pixels] | None = None,
    aspect: Fraction | None = None,
    rate: int = 25,
) -> Path:
    """drawings: the frames themselves, in place of drawn ones. stamps: when each frame is shown,
    in thousandths of a second; else `rate` frames a second. aspect: how wide a pixel is to be
    shown, of its height."""
    with av.open(str(path), "w") as container:
        given = (_SAME if codec == "libx264" else {}) | (options or {})
        stream = container.add_stream(codec, rate=rate, options=given)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixel_format
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if stamps is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        shown = map(drawn, range(frames)) if drawings is None else drawings
        for number, pixels in enumerate(shown):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            if stamps is not None:
                frame.pts, frame.time_base = stamps[number], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
