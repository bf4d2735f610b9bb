"""What size costs and is worth: the `parsing_sizes` protocol.

Table 7.1 of the thesis "Deep face analysis": the mobile hourglass with 16 or 32 channels, widened 3
or 6 times inside, and the last of these with dense layers at its end. Each is trained from nothing
on the same rendered heads in WORK/heads and tested on the heads that come with the program.
"""

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.parsing_variants import Variants, compared
from landmark_annotator.backends.parsers import PARSING
from landmark_annotator.projects.vocabulary import Progress

VARIANTS: Variants = {
    "f16-t3": (PARSING, {"features": 16, "expansion": 3, "dense": 0}),
    "f16-t6": (PARSING, {"features": 16, "expansion": 6, "dense": 0}),
    "f32-t3": (PARSING, {"features": 32, "expansion": 3, "dense": 0}),
    "f32-t6": (PARSING, {"features": 32, "expansion": 6, "dense": 0}),
    "dense-f32-t6": (PARSING, {"features": 32, "expansion": 6, "dense": 4}),
}


def run(options: Options, progress: Progress) -> Figures:
    return compared("parsing_sizes", VARIANTS, options, progress)
