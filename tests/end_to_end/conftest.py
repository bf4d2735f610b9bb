"""The program as it is called, in the process of the test."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.samples import draw_head
from landmark_annotator.projects.samples.projects import drawn


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)


Annotator = Callable[..., Result]


@pytest.fixture(scope="session", autouse=True)
def _heads_drawn_once() -> Iterator[None]:
    """Sample projects of these tests are of the same thirty heads, which take three seconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(drawn, "draw_head", cache(draw_head))
        yield


@pytest.fixture(autouse=True)
def _known_priors(known_priors: None, few_looks: None, few_judged: None) -> None:
    """In every test here."""


@pytest.fixture
def annotator(capfd: pytest.CaptureFixture[str]) -> Annotator:
    """Calls the program: exit status, standard output, standard error."""

    def call(*arguments: object) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Result(code, *capfd.readouterr())

    return call
