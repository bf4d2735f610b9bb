"""The program as it is called, in the process of the test."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.samples.projects import drawn
from tests.drawn_heads import drawn_head


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
        patched.setattr(drawn, "draw_head", drawn_head)
        yield


@pytest.fixture(autouse=True)
def _known_priors(known_priors: None, few_looks: None, few_judged: None) -> None:
    """In every test here."""


@pytest.fixture
def few_fillings_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ways to fill are judged on five of the densely labelled instances, and the one that looks at
    images has one strength to choose: which is best, and by how much, is tested in their rooms."""
    monkeypatch.setattr("landmark_annotator.annotator.session.filling.project_fill._JUDGED", 5)
    monkeypatch.setattr("landmark_annotator.backends.fill.appearance._STRENGTHS", (1e-2,))
    monkeypatch.setattr("landmark_annotator.backends.weak.stages._FROZEN_CROPS", 64)


@pytest.fixture
def annotator(capfd: pytest.CaptureFixture[str]) -> Annotator:
    """Calls the program: exit status, standard output, standard error."""

    def call(*arguments: object) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Result(code, *capfd.readouterr())

    return call
