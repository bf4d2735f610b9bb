"""Anti-aliased painting in image pixels: filled outlines, soft shadows and tapered strokes."""

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels

_FRACTION_BITS = 4


class Canvas:
    """Painted at twice its size and averaged down at the end.

    Points are image pixels: the centre of the top-left pixel of the finished picture is (0, 0).
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.paint = np.zeros((size * 2, size * 2, 3), np.float32)

    def grid(self) -> tuple[AnyFloats, AnyFloats]:
        """x (1, S, 1) and y (S, 1, 1) of the painted samples, in image pixels."""
        axis = ((np.arange(self.size * 2) + 0.5) / 2 - 0.5).astype(np.float32)
        return axis[None, :, None], axis[:, None, None]

    def mask(
        self, outline: Floats, blur: float = 0.0, area: tuple[slice, slice] | None = None
    ) -> AnyFloats:
        """1 inside the outline (n, 2), 0 outside, soft over `blur` pixels."""
        rows, columns = area or (slice(0, self.size * 2), slice(0, self.size * 2))
        painted = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        fine = (outline + 0.5) * 2 - 0.5 - np.array([columns.start, rows.start])
        whole = np.round(fine * (1 << _FRACTION_BITS)).astype(np.int32)
        cv2.fillPoly(painted, [whole], (255.0,), lineType=cv2.LINE_AA, shift=_FRACTION_BITS)
        # A triangle as wide as the Gaussian of this deviation, at a cost that its size does not
        # change.
        width = 2 * round(2.45 * 2 * blur) + 1
        soft = cv2.stackBlur(painted, (width, width)) if width > 1 else painted
        return np.asarray(soft * np.float32(1 / 255))

    def fill(
        self,
        outline: Floats,
        colour: AnyFloats,
        opacity: float = 1.0,
        blur: float = 0.0,
        within: AnyFloats | None = None,
    ) -> None:
        """Paints inside the outline; `colour` is (3,) or one colour a sample, 0..255."""
        margin, end = 3 * blur + 2, self.size * 2
        low = np.floor((outline.min(axis=0) - margin) * 2).astype(int).clip(0, end)
        high = np.ceil((outline.max(axis=0) + margin) * 2).astype(int).clip(0, end)
        if (low >= high).any():
            return
        area = (slice(low[1], high[1]), slice(low[0], high[0]))
        cover = self.mask(outline, blur, area) * np.float32(opacity)
        if within is not None:
            cover = cover * within[area]
        tint = colour if colour.ndim == 1 else colour[area]
        self.paint[area] += cover[..., None] * (tint.astype(np.float32) - self.paint[area])

    def stroke(
        self,
        line: Floats,
        width: float | Floats,
        colour: AnyFloats,
        opacity: float = 1.0,
        blur: float = 0.0,
        within: AnyFloats | None = None,
    ) -> None:
        """Paints along the line (n, 2); `width` in pixels is one number or one a point."""
        along = np.gradient(line, axis=0)
        normal = np.column_stack([-along[:, 1], along[:, 0]])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        half = np.broadcast_to(np.asarray(width) / 2, (len(line),))[:, None]
        outline = np.vstack([line + normal * half, (line - normal * half)[::-1]])
        self.fill(outline, colour, opacity, blur, within)

    def finished(self) -> Pixels:
        """(size, size, 3) the picture as RGB."""
        small = cv2.resize(self.paint, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return np.clip(np.round(small), 0, 255).astype(np.uint8)


def smooth(points: Floats, closed: bool = False) -> Floats:
    """A curve through the points (n, d): Catmull-Rom, ten samples a piece."""
    if closed:
        padded = np.vstack([points[-1:], points, points[:2]])
    else:
        padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 10, endpoint=False)[None, :, None]
    a, b, c, d = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    flat: Floats = curve.reshape(-1, points.shape[1])
    return flat if closed else np.vstack([flat, points[-1:]])


def disc(centre: Floats, across: float, down: float) -> Floats:
    """(40, d) an ellipse about the centre (d,), in the plane of the first two axes."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ring = np.zeros((40, len(centre)))
    ring[:, 0], ring[:, 1] = across * np.cos(turn), down * np.sin(turn)
    return centre + ring
