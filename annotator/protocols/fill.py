"""What clicking a sparse format buys without any network: the `fill` protocol.

The rest of the landmarks on the training faces whose m points were clicked with an error of 1 %,
from the densely labelled ones alone: by linear regression, and by the posterior of their prior.
Formats are searched on the densely labelled faces only. Mean over several draws of those; the
curve over m is the thesis's figure 5.17 for the fill, without the visible error.
"""

from collections.abc import Callable

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.sparse_draws import RATIOS, Draw, Format
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.backends.fill.linear import LinearFill
from landmark_annotator.backends.shapes import condition, shape_prior
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary import Evidence, Progress, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

_DRAWS = 3
_SIZES = tuple(range(5, 21))


def run(options: Options, progress: Progress) -> Figures:
    faces = faces300w.faces(faces300w.TRAINING)[: options.images]
    sums: dict[str, list[float]] = {}
    progress.start("formats", _DRAWS * (5 * len(RATIOS) + len(_SIZES)))

    def add(name: str, value: float) -> None:
        sums.setdefault(name, []).append(value)

    def measure(place: str, draw: Draw, format: Format) -> None:
        add(f"{place}/c", format.c)
        for name, way in WAYS.items():
            filled = way(draw, format)
            add(f"{place}/{name}/nme", draw.error(filled, format, draw.sparse))
            if not place.startswith("curve"):
                add(f"{place}/{name}/visible", draw.visible_error(filled, format, draw.sparse))
        step(progress)

    for ratio in RATIOS:
        for seed in range(options.seed, options.seed + _DRAWS):
            draw = Draw.of(faces, ratio, seed)
            for format in (*[f for pair in draw.pairs() for f in pair], draw.searched(9)):
                of = f"{len(format.within)}/" if len(format.within) != 68 else ""
                measure(f"fill/{ratio}/{of}{format.name}", draw, format)
    for seed in range(options.seed, options.seed + _DRAWS):
        draw = Draw.of(faces, RATIOS[0], seed)
        for m in _SIZES:
            measure(f"curve/{m}", draw, draw.searched(m))
    figures: Figures = {"faces": len(faces), "draws": _DRAWS}
    means = {name: float(np.mean(values)) for name, values in sums.items()}
    for name, mean in means.items():
        if not name.startswith("curve"):
            figures[name] = rounded(mean)
    figures["curve/m"] = [float(m) for m in _SIZES]
    for what in ("c", *(f"{way}/nme" for way in WAYS)):
        figures[f"curve/{what}"] = rounded([means[f"curve/{m}/{what}"] for m in _SIZES])
    for ratio in RATIOS:
        for way in WAYS:
            for ours, theirs in (("m19", "aflw19"), ("41/m5", "41/mafl5")):
                gain = means[f"fill/{ratio}/{theirs}/{way}/nme"]
                gain -= means[f"fill/{ratio}/{ours}/{way}/nme"]
                figures[f"margin/{ratio}/{ours}/{way}"] = rounded(gain)
    return figures


def by_regression(draw: Draw, format: Format) -> Floats:
    """(n, M, 2) the sparsely labelled faces."""
    within = list(format.within)
    fitted = LinearFill.fitted(
        [draw.truths[i][within] for i in draw.dense],
        [draw.faces[i].box for i in draw.dense],
        format.landmarks,
    )
    return np.stack(
        [fitted.fill(draw.sparse_points(i, format), draw.boxes[i])[0] for i in draw.sparse]
    )


def by_posterior(draw: Draw, format: Format) -> Floats:
    """(n, M, 2) the sparsely labelled faces."""
    within = list(format.within)
    prior = shape_prior([(draw.faces[i].box, Shape(draw.truths[i][within])) for i in draw.dense])
    rows = list(format.landmarks)
    points = np.stack([draw.sparse_points(i, format) for i in draw.sparse])
    boxes = [draw.boxes[i] for i in draw.sparse]
    clicks = np.stack([b.to_frame(p) for b, p in zip(boxes, points, strict=True)])[:, rows]
    # One Gaussian moves by the same gain for all clicks on the same landmarks.
    expected = prior.mean
    gain = condition(
        prior, [Evidence.click(j, expected[j], CLICK_DEVIATION) for j in rows]
    ).shift.gain
    moves = (clicks - expected[rows]).reshape(len(points), -1) @ gain.T
    shapes = expected + moves.reshape(len(points), -1, 2)
    filled = np.stack([b.to_image(s) for b, s in zip(boxes, shapes, strict=True)])
    filled[:, rows] = points[:, rows]
    return filled


WAYS: dict[str, Callable[[Draw, Format], Floats]] = {
    "linear": by_regression,
    "posterior": by_posterior,
}
