"""Networks that segment, each trained anew on the same rendered heads and tested on others, for the
protocols `parsing_sizes` and `hair`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.protocols.datasets.head_masks import (
    PARTS,
    MaskedHead,
    embedded_heads,
    merged,
    parsing_scheme,
    rendered_for_training,
)
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.parsing import (
    BORDER_TOLERANCE,
    NOWHERE,
    advance,
    found_labels,
    milliseconds,
    onnx_milliseconds,
    percent,
)
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.metrics.regions import RegionCounts, boundary_f1
from landmark_annotator.backends.parsers import load_parser, train_parser
from landmark_annotator.backends.registry import Backend, Segmenting
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError

Variants = Mapping[str, tuple[Backend, Mapping[str, Any]]]
"""By their names: which backend, and what it sets otherwise than the options do."""
_HAIR = list(PARTS).index("hair") + 1


def compared(about: str, variants: Variants, options: Options, progress: Progress) -> Figures:
    """The figures of the protocol of this name: of the variants that the options name, or of all.

    They learn from WORK/heads, and meet those that come with the program, of other persons. The
    trained models are kept in WORK, so that a stopped run goes on.
    """
    one_core()
    names = options.variants_among(tuple(variants))
    if options.work is None:
        raise ActionableError(
            "The protocol needs rendered heads, and no work folder was named.",
            remedy="Give --work FOLDER, with the heads in FOLDER/heads.",
        )
    work, scheme = Path(options.work), parsing_scheme()
    learned = [head.masked() for head in rendered_for_training(work / "heads")]
    heads = [head for head in embedded_heads() if head.frame is None][: options.images]
    shown = [
        (head, jittered(head.instance.box, options.jitter, options.seed, index))
        for index, head in enumerate(heads)
    ]
    figures: Figures = {f"{about}/training": len(learned), f"{about}/heads": len(heads)}
    for name in names:
        backend, own = variants[name]
        folder = work / f"{backend.name}-{name}"
        settings = {"seed": options.seed, **backend.from_nothing, **options.training, **own}
        if not has_card(folder):
            train_parser(backend)(learned, scheme, folder, settings, progress)
        check_training(folder, settings)
        model = load_parser(folder, scheme, backend=backend)
        found = _judged(model, shown, name, progress) | _costs(model, backend, folder, shown)
        figures |= {f"{about}/{name}/{figure}": value for figure, value in found.items()}
    return figures


def _judged(
    model: Segmenting, shown: Sequence[tuple[MaskedHead, Box]], name: str, progress: Progress
) -> Figures:
    """Of the parts that the model knows, without a hint, in boxes as a hand draws them."""
    parts = list(PARTS)
    known = [n for n, part in enumerate(parts, 1) if set(PARTS[part]) & set(model.regions())]
    counts, borders = RegionCounts(len(PARTS) + 1), []
    progress.start(f"heads, {name}", len(shown))
    for head, box in shown:
        found, truth = merged(found_labels(model, head, box)), merged(head.labels)
        truth = truth * np.isin(truth, known)
        counts.add(found, truth)
        near = max(BORDER_TOLERANCE * box.side, 1.0)
        borders.append(boundary_f1(found == _HAIR, truth == _HAIR, near))
        advance(progress)
    overlaps = counts.overlaps(parts)
    f1 = {part: counts.f1(parts.index(part) + 1) for part in overlaps}
    return {
        "miou": percent(np.mean(list(overlaps.values()))),
        "mean_f1": percent(np.mean(list(f1.values()))),
        "hair/precision": percent(counts.precision(_HAIR)),
        "hair/boundary_f1": percent(np.mean(borders)),
        **{f"iou/{part}": percent(each) for part, each in overlaps.items()},
        **{f"f1/{part}": percent(each) for part, each in f1.items()},
    }


def _costs(
    model: Segmenting, backend: Backend, folder: Path, shown: Sequence[tuple[MaskedHead, Box]]
) -> Figures:
    """Parameters, minutes of the training, and milliseconds on one core: of a proposal, which looks
    twice, and of the ONNX file for one look."""
    head, box = shown[0]
    pixels = head.instance.read_pixels()
    file = backend.imported().onnx_file(folder, parsing_scheme())
    return {
        "parameters": int(backend.imported().parameters(folder, parsing_scheme())),
        "minutes": rounded(read_card(folder)["minutes"]),
        "ms": milliseconds(lambda: model.segment(pixels, box, NOWHERE, {}, ())),
        "onnx_ms": onnx_milliseconds(file),
    }
