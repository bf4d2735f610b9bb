"""Do figures hold, and are wrong labels found?

`--variants spoiled` or `--variants ratio` runs one of the two parts.
"""

from landmark_annotator.annotator.protocols.audit_groups import ratio_figures
from landmark_annotator.annotator.protocols.audit_spoiled import spoiled_figures
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.vocabulary import Progress

_PARTS = {"ratio": ratio_figures, "spoiled": spoiled_figures}


def run(options: Options, progress: Progress) -> Figures:
    figures: Figures = {}
    asked = options.variants_among(list(_PARTS))
    for name, part in _PARTS.items():
        if name in asked:
            figures |= part(options, progress)
    return figures
