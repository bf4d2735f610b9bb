"""Do figures hold, and are wrong labels found?"""

from annotator.protocols.audit_spoiled import spoiled_figures
from annotator.protocols.framework.options import Options
from annotator.protocols.framework.result import Figures
from projects.vocabulary import Progress


def run(options: Options, progress: Progress) -> Figures:
    return spoiled_figures(options, progress)
