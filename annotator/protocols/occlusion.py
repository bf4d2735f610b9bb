"""Black ellipses over the test faces: the `occlusion` protocol (thesis, section 4.3).

The ellipses are those of the protocol `hard`, over the same faces at the same places; what a model
makes of the faces without them stands beside.
"""

from collections.abc import Iterator

from landmark_annotator.annotator.protocols.datasets.face_sources import TESTED_ON
from landmark_annotator.annotator.protocols.datasets.hardships import HARDSHIPS, hard_faces
from landmark_annotator.annotator.protocols.framework.compared_losses import compared
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.framework.robustness import Shown, robustness
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme

ELLIPSES = {"none": "none", "medium": "ellipse_medium", "large": "ellipse_large"}
_TRAINED = ("photographs",)


def run(options: Options, progress: Progress) -> Figures:
    """See `compared`. What learned from one collection is tested on that one; all else on the 554
    test faces."""
    scheme = Scheme.named("face68")
    figures: Figures = {}
    for each in compared(options, _TRAINED, progress):
        target = each.source if each.source in TESTED_ON else "photographs"
        faces = TESTED_ON["photographs" if target == "heads" else target]()[: options.images]
        for ellipse in ELLIPSES:
            name = f"occlusion/{each.source}/{ellipse}/{each.loss}"
            shown = _shown(ellipse, faces, options)
            figures |= robustness(name, each.model, shown, len(faces), scheme, progress)
    return figures


def _shown(ellipse: str, faces: list[LabelledInstance], options: Options) -> Iterator[Shown]:
    for hard in hard_faces(HARDSHIPS[ELLIPSES[ellipse]], faces, options.jitter, options.seed):
        yield Shown(hard.face, hard.pixels, hard.box)
