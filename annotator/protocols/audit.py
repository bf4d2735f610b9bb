"""Do figures hold, and are wrong labels found?

`--variants spoiled` or `--variants ratio` runs one of the two parts; `--sets` and `--set` are of
the second one, and run it alone.
"""

from landmark_annotator.annotator.protocols.audit_groups import ratio_figures
from landmark_annotator.annotator.protocols.audit_spoiled import spoiled_figures
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError

_PARTS = {"ratio": ratio_figures, "spoiled": spoiled_figures}


def run(options: Options, progress: Progress) -> Figures:
    figures: Figures = {}
    asked = options.variants_among(list(_PARTS))
    if options.sets or options.training:
        if "spoiled" in options.variants:
            raise ActionableError(
                "--sets and --set are of the part ratio: spoiled labels are looked for in the same "
                "sets every time, by what comes with the program.",
                kept="Nothing was started.",
                remedy="Leave them out, or give --variants ratio.",
            )
        asked = ["ratio"]
    for name, part in _PARTS.items():
        if name in asked:
            figures |= part(options, progress)
    return figures
