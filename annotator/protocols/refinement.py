"""What pre- and post-processing bring, in boxes off by 5 to 20 %: the `refinement` protocol.

The classifier paper's section 3.4: a linear regressor on the network's features corrects the box,
repeated until it settles; regressors of the pose class refine the classifier's shape.
"""

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.metrics.errors import failure_rate, nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import Embedding
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

_JITTERS = (0.05, 0.10, 0.15, 0.20)


def run(options: Options, progress: Progress) -> Figures:
    model = options.model(progress, "exemplar")
    if not isinstance(model, Embedding):
        raise ActionableError(f"The backend {options.backend} does not refine boxes.")
    scheme = Scheme.named("face68")
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    errors: dict[str, list[float]] = {}
    visible: dict[str, list[float]] = {}
    progress.start("refinement", len(faces))
    for index, face in enumerate(faces):
        pixels, truth = face.read_pixels(), face.shape.points
        length = scheme.normaliser_length(truth, face.box)
        for jitter in _JITTERS:
            box = jittered(face.box, jitter, options.seed, index)
            for name, proposal in (
                ("classifier", model.propose(pixels, box, refinements=0, regression=False)),
                ("refined", model.propose(pixels, box, regression=False)),
                ("regressed", model.propose(pixels, box)),
            ):
                place, points = f"jitter/{jitter * 100:.0f}/{name}", proposal.given([]).points
                errors.setdefault(place, []).append(nme(points, truth, length))
                seen = visible_nme(points, truth, scheme, length)
                visible.setdefault(place, []).append(seen)
        step(progress)
    figures: Figures = {"images": len(faces)}
    for name, values in errors.items():
        figures[f"{name}/nme"] = rounded(float(np.mean(values)))
        figures[f"{name}/visible"] = rounded(float(np.mean(visible[name])))
        figures[f"{name}/fr8"] = rounded(failure_rate(np.array(values), 8.0))
    return figures
