"""What each stage, loss and way back is worth: the `cropnet` protocol.

Tables 3.1, 3.4 and 3.5 of the thesis "Deep face analysis": the coarse-to-fine network with no
stage of refinement and with one, two or three that learn from different losses; and with three,
where features, or the places of patches, do not learn from what the stages see. Each is trained
from nothing on the same photographs and tested on the same faces, all of which it looks at alone
and fused with the prior.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.framework.variants import (
    learned_from,
    trained_variant,
)
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.metrics.errors import failure_rate, nme
from landmark_annotator.backends.registry import Staged, TrainedModel
from landmark_annotator.projects.vocabulary import Progress, Scheme

_LOSSES = ("none", "l2", "l1", "l2/l2", "l2/l1", "l2/l2/l2", "l2/l1/l1", "l2/l1/align")
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    **{losses.replace("/", "-"): {"losses": losses} for losses in _LOSSES},
    "no_way_back": {"features": False, "positions": False},
    "positions_alone": {"features": False},
    "features_alone": {"positions": False},
}
"""The columns of table 3.4 by the losses of the stages, and the rows of table 3.5 above its last,
which is `l2-l1-align`."""


def run(options: Options, progress: Progress) -> Figures:
    """With `options.images`, as small a training: twice as many photographs. The trained models are
    kept in the work folder, so that a stopped run goes on."""
    with TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        instances = learned_from(options, faces300w.faces(faces300w.TRAINING))
        figures: Figures = {"cropnet/training": len(instances)}
        for name in options.variants_among(tuple(VARIANTS)):
            folder, own = work / f"cropnet-{name}", VARIANTS[name]
            model = trained_variant("cropnet", instances, folder, own, options, progress)
            figures[f"cropnet/{name}/minutes"] = rounded(read_card(folder)["minutes"])
            figures |= _tested(name, model, options, progress)
    return figures


def _tested(name: str, model: TrainedModel, options: Options, progress: Progress) -> Figures:
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    found: dict[str, list[float]] = {}
    progress.start(f"faces, {name}", len(faces))
    for index, face in enumerate(faces):
        box = jittered(face.box, options.jitter, options.seed, index)
        truth = face.shape.points
        length = scheme.normaliser_length(truth, face.box)
        for stage, points in cast(Staged, model).stages(face.read_pixels(), box).items():
            found.setdefault(stage.replace(" ", ""), []).append(nme(points, truth, length))
        step(progress, kept="The trained models are kept.")
    figures: Figures = {f"cropnet/{name}/images": len(faces)}
    for stage, errors in found.items():
        figures[f"cropnet/{name}/{stage}/nme"] = rounded(float(np.mean(errors)))
        figures[f"cropnet/{name}/{stage}/fr8"] = rounded(failure_rate(np.array(errors), 8.0))
    return figures
