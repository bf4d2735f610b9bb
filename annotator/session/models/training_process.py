"""Training in a process of its own, so that the window stays quick: one JSON object a line.

    python -m landmark_annotator.annotator.session.models.training_process FOLDER BACKEND WHO

Each line of standard output is {"stage", "done", "total"}, then {"held_out_error", "goes_on"} or,
where nothing came of it, {"happened", "kept", "remedy"}. A project's first network is there after a
quarter of the time, and the training goes on. It learns from labels alone. Where the project's
finder is due it is trained then, with lines of the first kind. The line "pause" on standard input
lets the training wait, "go on" ends that. When standard input is closed the training stops at the
next safe point; the same call goes on from there, with the labels that there were then, and labels
that came in since are for the next training.
"""

import json
import sys
import threading
from collections.abc import Mapping
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from landmark_annotator.annotator.session.execution.progress import WatchedProgress
from landmark_annotator.annotator.session.models.finder_training import (
    finder_due,
    train_project_finder,
)
from landmark_annotator.annotator.session.models.training import train_project
from landmark_annotator.annotator.session.models.training_record import sure_text
from landmark_annotator.annotator.session.models.training_schedule import first_is_quick
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError


def _obey(progress: WatchedProgress) -> None:
    for line in sys.stdin:
        progress.pause(line.strip() == "pause")
    progress.cancel()


@dataclass(frozen=True)
class _Window:
    """out: what it reads. What else is printed, as by a plug-in, is no line for it."""

    out: TextIO

    def say(self, what: Mapping[str, Any]) -> None:
        # A window that ended without a word hears nothing more. Its other end is gone too, by which
        # `_obey` stops the work, so that it is recorded as stopped and not as one that failed.
        with suppress(OSError):
            self.out.write(json.dumps(what) + "\n")
            self.out.flush()

    def tell(self, stage: str, done: int, total: int) -> None:
        self.say({"stage": stage, "done": done, "total": total})


def _train(
    project: Project, backend: str, settings: Mapping[str, Any], progress: Progress, who: str
) -> Mapping[str, Any]:
    """What is said of it."""
    # Objects without labels take up to two thirds longer and won little where that was measured:
    # beside people who label, the next labels are worth more. `annotator train` takes them.
    card = train_project(project, backend, settings, progress, who, unlabelled=False, go_on=True)
    error, related = sure_text(card["figures"]), card["related"]
    return {"held_out_error": error, "related": related, "goes_on": bool(settings)}


def main(folder: Path, backend: str, who: str) -> None:
    window = _Window(sys.stdout)
    progress = WatchedProgress(window.tell)
    threading.Thread(target=_obey, args=(progress,), daemon=True).start()
    try:
        with redirect_stdout(sys.stderr), Project.open(folder, read_only=True) as project:
            if first_is_quick(project, backend):
                window.say(_train(project, backend, {"quick": True}, progress, who))
            window.say(_train(project, backend, {}, progress, who))
            if finder_due(project):
                train_project_finder(project, {}, progress, who)
    except ActionableError as error:
        window.say({"happened": error.happened, "kept": error.kept, "remedy": error.remedy})


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
