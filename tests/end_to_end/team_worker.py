"""Labels what it is offered, in a process of its own: what test_team_processes runs.

Arguments: FOLDER NAME HOW. HOW "all": until nothing is offered. "one": takes one image, says which,
and then does nothing until it is killed or its standard input ends. Every line names an image.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ProjectLocked
from tests.unsynced import wait_for_no_disk

_Answer = TypeVar("_Answer")


def patiently(act: Callable[[], _Answer]) -> _Answer:
    """Again where the database is busy for long."""
    while True:
        try:
            return act()
        except ProjectLocked:
            continue


def main(folder: Path, who: str, how: str) -> None:
    with Project.open(folder) as project:
        session = LabellingSession(project, who=who)
        shape = Shape(np.ones((len(project.scheme), 2)))
        sys.stdin.readline()  # all begin together
        while (record := patiently(lambda: project.take_next(None, who=who))) is not None:
            sys.stdout.write(f"{record.image_id}\n")
            sys.stdout.flush()
            if how == "one":
                sys.stdin.read()
                return
            session.open(record.id)
            for landmark in range(len(project.scheme)):
                patiently(lambda at=landmark: session.click(at, (10.0 * at, 5.0)))
            patiently(lambda at=record.id: project.accept(at, shape, who=who))
            patiently(lambda at=record.image_id: project.give_back([at], who=who))


if __name__ == "__main__":
    wait_for_no_disk()
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
