"""For functions that read several things of a project that must agree."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from landmark_annotator.projects.store.project import Project

_Rest = ParamSpec("_Rest")
_Found = TypeVar("_Found")


def read_at_once(
    reading: Callable[Concatenate[Project, _Rest], _Found],
) -> Callable[Concatenate[Project, _Rest], _Found]:
    """All that the function reads is of one state of the project; see `Project.snapshot`."""

    @wraps(reading)
    def of_one_state(project: Project, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Found:
        with project.snapshot():
            return reading(project, *rest, **named)

    return of_one_state
