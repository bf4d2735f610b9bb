"""What each stage of the hair network is worth: the `hair` protocol.

Table 6.1 of the thesis "Deep face analysis": the stage of segmentation alone, with the coarse shape
that the first stage finds, and with the refinement of borders too. Beside them the largest network
of `parsing_sizes`, which learns all parts. Each is trained from nothing on the same rendered heads
in WORK/heads and tested on the heads that come with the program.
"""

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.parsing_sizes import VARIANTS as SIZES
from landmark_annotator.annotator.protocols.parsing_variants import Variants, compared
from landmark_annotator.backends.parsers import HAIR
from landmark_annotator.projects.vocabulary import Progress

VARIANTS: Variants = {
    "segmentation": (HAIR, {"prior": False, "refine": False}),
    "prior": (HAIR, {"prior": True, "refine": False}),
    "prior-refine": (HAIR, {"prior": True, "refine": True}),
    "dense-f32-t6": SIZES["dense-f32-t6"],
}


def run(options: Options, progress: Progress) -> Figures:
    return compared("hair", VARIANTS, options, progress)
