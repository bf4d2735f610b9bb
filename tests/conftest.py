"""What tests of every part share: where the data is, and few threads."""

import ast
import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

from tests import narrow_networks as narrow
from tests import short_epochs as epochs
from tests.image_servers import WebServer, s3_server, web_server
from tests.postgres_server import Server, running

# From the repository they could be imported by their folders' names, a second time.
sys.modules |= dict.fromkeys(("annotator", "backends", "projects"))  # type: ignore[arg-type]

# A busy machine is no reason for a law to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Two cores are enough for the tests only if no library starts threads of its own. Libraries read
# these when they are first imported, which no test module has been yet.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# Nor for a window's test: it waits for what must come, and fails only where that never does.
for waiting in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitActive):
    waiting.__kwdefaults__["timeout"] = 60_000

# Two threads must not parse source at once: where a collection of garbage in one lets the other on,
# as Hypothesis' own code in each does, Python 3.11 stops with "AST constructor recursion depth
# mismatch". Hypothesis parses the source of laws; NumPy, in threads that a window has left behind,
# what stands at the head of each array in a file.
_alone, _parse = RLock(), ast.parse


def _parse_alone(*arguments: Any, **named: Any) -> Any:
    with _alone:
        return _parse(*arguments, **named)


ast.parse = _parse_alone

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def qapp(qapp):
    """pytest-qt's, and garbage is searched for as in the program."""
    from landmark_annotator.annotator.gui.services.garbage import search_here

    search_here(qapp)
    return qapp


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Garbage is searched for neither while thousands of tests are found, nor later through them
    and all that they import: they stay to the end, and hardly any of it is garbage. Nor does
    PySide, which pytest-qt has imported by now, read the source of all that."""
    import landmark_annotator.annotator.gui  # noqa: F401

    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """When all windows of a test are destroyed, Python searches for garbage by itself again, for
    tests without one. No earlier: see `gui/services/garbage.py`."""
    try:
        return (yield)
    finally:
        _destroy_windows()
        gc.enable()


def _destroy_windows() -> None:
    """Closed ones wait for the next event loop, which some tests never run: each later change of
    letters or colours would be of dozens of windows that nobody sees."""
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def landmark_data() -> Path:
    """The folder of real photographs with landmarks. Its absence is a failure, not a skip."""
    folder = Path(os.environ.get("LANDMARK_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "faces68").is_dir():
        pytest.fail(
            f"{folder} holds no landmark data (no faces68 in it). "
            "Set the environment variable LANDMARK_DATA to the folder that does."
        )
    return folder


@pytest.fixture(autouse=True)
def _without_shipped_weights(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What proposes is what a test labels or trains. Tests of the weights that come with the
    program ask for `shipped_weights`; programs that a test starts have them like a user's."""
    if "shipped_weights" not in request.fixturenames:
        monkeypatch.setattr(
            "landmark_annotator.backends.registry.Backend.shipped", lambda self, scheme: None
        )


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test cuts the power. Tests of how safely databases are opened ask for `durable`; programs
    that a test starts wait like a user's."""
    if "durable" in request.fixturenames:
        return
    from landmark_annotator.projects.store.engine.database import Database
    from tests.unsynced import unsynced

    monkeypatch.setattr(Database, "_set_up", unsynced(Database._set_up))
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def durable() -> None:
    """Waits for the disk."""


@pytest.fixture
def short_epochs() -> Iterator[None]:
    """See `tests.short_epochs`."""
    with epochs.short_epochs():
        yield


@pytest.fixture(scope="module")
def narrow_networks() -> Iterator[None]:
    """See `tests.narrow_networks`."""
    with narrow.narrow_networks():
        yield


@pytest.fixture
def known_priors(monkeypatch: pytest.MonkeyPatch) -> None:
    """See `tests.known_priors`."""
    from landmark_annotator.annotator.session.models import proposers
    from landmark_annotator.annotator.session.models.prior_model import PriorModel
    from landmark_annotator.annotator.session.models.shared_prior import SharedPrior
    from landmark_annotator.backends.registration import EitherWay, RegistrationModel
    from tests.known_priors import blind_once, once, proposed_once

    # It is not to have what another test has made, of which these are kept for good.
    monkeypatch.setattr(proposers, "shared_prior", SharedPrior())
    monkeypatch.setattr(PriorModel, "load", once(PriorModel.load))
    monkeypatch.setattr(PriorModel, "blind", blind_once(PriorModel.blind))
    for model in (RegistrationModel, EitherWay):
        monkeypatch.setattr(model, "propose", proposed_once(model.propose))


@pytest.fixture
def blind_priors(known_priors: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Priors look at no image, for tests of what is done with what is proposed: to learn what
    labelled images show, anew with each label, takes longer than most of what they do."""
    from landmark_annotator.annotator.session.models.prior_model import PriorModel
    from tests.known_priors import blindly

    monkeypatch.setattr(PriorModel, "load", blindly)


@pytest.fixture
def uncompared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was trained is not compared with the prior, for tests of what is done with it: that
    takes as long as the training of so small a network."""
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training.compare_with_prior",
        lambda *_, **__: None,
    )


@pytest.fixture
def few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Priors are judged on four of the labelled images and not on a dozen, for tests of what is
    done with what a prior proposes: to judge it takes nearly all of the time that it takes."""
    monkeypatch.setattr("landmark_annotator.backends.registration.model._MOST_LOOKS", 4)


@pytest.fixture
def few_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of a plan are looked at on eight held-out images and not on sixty, and of two folds
    and not of five, for tests of what is made of them: the looks, and a prior without each fold,
    take most of the time."""
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.evaluation.held_out_errors._HELD_OUT", 8
    )
    monkeypatch.setattr("landmark_annotator.annotator.session.simulation.hand.FOLDS", 2)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server that only these tests use. Where it cannot be started they fail."""
    with running() as server:
        yield server


@pytest.fixture
def new_database(postgres: Server) -> Iterator[Callable[[], str]]:
    """Makes an empty database; its address."""
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{next(_NUMBERS)}")
        postgres.run(f"CREATE DATABASE {made[-1]}")
        return postgres.address(made[-1])

    yield make
    for name in made:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


_NUMBERS = count()


@pytest.fixture
def sources(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This user has confirmed no source, has no credentials, and a cache of their own: its folder.
    Servers are asked again soon."""
    from landmark_annotator.projects.remote import fetching, filesystems

    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("LANDMARK_SOURCES", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("LANDMARK_CACHE", str(home / "cache"))
    monkeypatch.setattr(fetching, "PATIENCE", fetching.Patience(pause_s=0.01, total_s=30.0))
    fetching.forget_failures()
    filesystems._without_credentials.clear()
    return home / "cache"


@pytest.fixture(scope="session")
def _one_web_server() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture
def web(_one_web_server: WebServer) -> WebServer:
    """A web server whose pages a test sets."""
    _one_web_server.pages.clear()
    _one_web_server.asked.clear()
    return _one_web_server


@pytest.fixture(scope="session")
def _one_s3_server() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def s3(_one_s3_server: str, sources: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A server that speaks S3, as an environment with credentials names it: an empty bucket."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL", _one_s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret-of-ada")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = f"bucket-{next(_NUMBERS)}"
    boto3.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def shipped_weights() -> None:
    """Leaves them where they are."""
