"""Trained on one source of faces, tested on another: the `crossset` protocol (thesis, section 4.3).

A model that learned from one collection meets the test faces of that collection, those of the
other, and rendered heads. Besides all 68 landmarks those are looked at that formats with 19 and 29
points have as well.
"""

from collections.abc import Iterator, Mapping, Sequence

from landmark_annotator.annotator.protocols.datasets.face_sources import TESTED_ON
from landmark_annotator.annotator.protocols.framework.compared_losses import compared
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.framework.robustness import Shown, robustness
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme

TARGETS: Mapping[str, Sequence[str]] = {
    "lfpw": ("lfpw", "helen", "heads"),
    "helen": ("helen", "lfpw", "heads"),
    "photographs": ("photographs", "heads"),
    "heads": ("photographs",),
    "project": ("lfpw", "helen", "heads"),
}
"""By source. The rendered heads that come with the program are no test for what they taught."""
_TRAINED = ("lfpw", "helen")


def run(options: Options, progress: Progress) -> Figures:
    """See `compared` for what is trained, or taken as it is."""
    scheme = Scheme.named("face68")
    figures: Figures = {}
    for each in compared(options, _TRAINED, progress):
        for target in TARGETS[each.source]:
            faces = TESTED_ON[target]()[: options.images]
            name = f"crossset/{each.source}-{target}/{each.loss}"
            shown = _shown(faces, options)
            figures |= robustness(name, each.model, shown, len(faces), scheme, progress)
    return figures


def _shown(faces: Sequence[LabelledInstance], options: Options) -> Iterator[Shown]:
    for index, face in enumerate(faces):
        box = jittered(face.box, options.jitter, options.seed, index)
        yield Shown(face, face.read_pixels(), box)
