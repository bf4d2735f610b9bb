"""For functions that read several things of a project that must agree."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar

from landmark_annotator.projects.store.project import Project

_Rest = ParamSpec("_Rest")
_Found = TypeVar("_Found")


def read_at_once(
    reading: Callable[Concatenate[Project, _Rest], _Found],
) -> Callable[Concatenate[Project, _Rest], _Found]:
    """All that the function reads is of one state of the project; see `Project.snapshot`."""

    own = signature(reading)

    @wraps(reading)
    def of_one_state(*given: Any, **named: Any) -> _Found:
        project: Project = own.bind(*given, **named).args[0]  # it may be given by its name
        with project.snapshot():
            return reading(*given, **named)

    return of_one_state
