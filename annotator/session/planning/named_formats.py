"""Sparse formats by the names that a project lead types."""

import re

from landmark_annotator.annotator.session.planning.offer import few_groups, project_affinity
from landmark_annotator.projects.budgets import Constraints, sparse_formats, tie_broken
from landmark_annotator.projects.budgets.known_formats import KNOWN_FORMATS, counterpart
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.wording import counted

_KNOWN_SCHEME = "face68"


def format_landmarks(
    project: Project,
    name: str,
    constraints: Constraints,
    *,
    frame: str = "box",
    seconds: float = 30.0,
) -> tuple[tuple[int, ...], str]:
    """The landmarks of "m9" (the best nine points), or of a format that exists, such as "aflw19".

    And sentences about them. Raises ActionableError for a name that is neither, and where a
    format that exists breaks the constraints.
    """
    known = {k.name: k for k in KNOWN_FORMATS} if project.scheme.name == _KNOWN_SCHEME else {}
    if name in known:
        # As the budget compares it: what lies outside has no part in the frame either.
        matrix = project_affinity(project, frame, known[name].within).matrix
        chosen = counterpart(known[name], matrix)
        missing = known[name].left_out
        without = f" without {', '.join(missing)}" if missing else ""
        if not constraints.allows(chosen):
            raise ActionableError(
                f"{known[name].title}: the points of a format that exists are given, and these "
                "do not do all that is asked.",
                kept="The plan so far stays.",
                remedy=f"Take the demands back, or ask for the best points: m{known[name].m}.",
            )
        return chosen, f"The points of {known[name].title}{without}."
    number = re.fullmatch(r"m(\d+)", name, re.ASCII)
    if number is None:
        names = ["m9", *known]
        raise ActionableError(
            f'There is no format "{name}".{closest(name, names)}',
            remedy="Such as m9, the best nine points"
            + (f"; or one that exists: {', '.join(known)}." if known else "."),
        )
    shapes = project_affinity(project, frame)
    matrix = shapes.matrix
    [found] = sparse_formats(matrix, [int(number[1])], constraints=constraints, seconds=seconds)
    told = tie_broken(
        matrix, found, mirror=project.scheme.mirror, constraints=constraints, seconds=seconds
    )
    notes, count = [*shapes.warnings, *few_groups(project)], len(told.landmarks)
    if count < told.m:
        notes.append(f"What is asked leaves room for {count} of the {counted(told.m, 'point')}.")
    return told.landmarks, "\n".join([told.said(), *(f"Note: {note}" for note in notes)])
