"""Training in a process of its own, so that the window stays quick: one JSON object a line.

    python -m annotator.session.training_worker FOLDER BACKEND

Each line of standard output is {"stage", "done", "total"}, and the last {"held_out_error"} or,
where nothing came of it, {"happened", "kept", "remedy"}. When standard input is closed the
training stops at the next safe point; the same call goes on from there.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

from annotator.session.training import train_project
from projects.store import Project
from projects.vocabulary.errors import ActionableError


class _Told:
    """`Progress` that writes where it is, and is stopped by the end of standard input."""

    def __init__(self) -> None:
        self._stage, self._done, self._total = "", 0, 0
        self._stopped = threading.Event()
        threading.Thread(target=self._wait_for_the_end, daemon=True).start()

    def start(self, stage: str, total: int | None) -> None:
        self._stage, self._done, self._total = stage, 0, total or 0
        self.advance(0)

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._done += steps
        say({"stage": self._stage, "done": self._done, "total": self._total})

    def cancelled(self) -> bool:
        return self._stopped.is_set()

    def _wait_for_the_end(self) -> None:
        sys.stdin.read()
        self._stopped.set()


def say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(folder: Path, backend: str) -> None:
    try:
        with Project.open(folder, read_only=True) as project:
            card = train_project(project, backend, {}, _Told())
        say({"held_out_error": card["figures"]["held_out_error"]})
    except ActionableError as error:
        say({"happened": error.happened, "kept": error.kept, "remedy": error.remedy})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
