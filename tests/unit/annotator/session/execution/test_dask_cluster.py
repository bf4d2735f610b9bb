"""Work done by a Dask cluster: a scheduler and workers in processes of their own, on loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from landmark_annotator.annotator.session.execution import dask_cluster
from landmark_annotator.annotator.session.execution.choice import executor_named, read_settings
from landmark_annotator.annotator.session.execution.dask_cluster import DaskCluster, jobs
from landmark_annotator.projects.images import Elsewhere
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    ImageError,
    MissingPackage,
)
from tests.image_servers import Page, WebServer


@dataclass(frozen=True)
class Cubes:
    fails: int = -1

    def make(self) -> Callable[[int], int]:
        return self._cube

    def _cube(self, number: int) -> int:
        if number == self.fails:
            raise ImageError("Image 3 cannot be read.", remedy="Mend it.")
        return number**3


@dataclass(frozen=True)
class Pictures:
    """Of addresses, by a worker whose machine has confirmed their source."""

    environment: tuple[tuple[str, str], ...]

    def make(self) -> Callable[[Elsewhere], tuple[int, ...]]:
        os.environ.update(self.environment)
        return lambda picture: picture.pixels().shape


def started(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    # Workers find this module as they would find the program.
    paths = (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)


def ended(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


@dataclass
class Started:
    address: str
    scheduler: "subprocess.Popen[str]"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Started]:
    # Ports that are free: other tests have servers of their own meanwhile.
    ports = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
    scheduler = started("dask_scheduler", *ports, "--no-dashboard", "--no-jupyter")
    address = _said(scheduler, "Scheduler at:")
    worker = started("dask_worker", address, "--nthreads", "2", "--no-dashboard", "--no-nanny")
    _said(worker, "Registered to:")
    yield Started(address, scheduler)
    ended(worker)
    ended(scheduler)


def _said(process: "subprocess.Popen[str]", words: str) -> str:
    """The last word of the line with these; waits for it."""
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    return next(line.split()[-1] for line in lines if words in line)


def test_workers_fetch_images_at_addresses_themselves(
    cluster: Started, web: WebServer, tmp_path: Path
) -> None:
    Image.new("RGB", (7, 5)).save(tmp_path / "1.png")
    addresses = [f"{web.address}/{number}.png" for number in range(9)]
    for number in range(9):
        web.pages[f"/{number}.png"] = Page((tmp_path / "1.png").read_bytes())
    told = {"LANDMARK_SOURCES": web.address, "LANDMARK_CACHE": str(tmp_path / "cache")}
    with executor_named(cluster.address) as executor:
        work = Pictures(tuple(told.items()))
        found = list(executor.results(work, [Elsewhere(address) for address in addresses]))
    assert found == [(5, 7, 3)] * 9
    assert [web.downloads(f"/{number}.png") for number in range(9)] == [1] * 9


def test_results_come_in_order_and_failures_whole_until_the_scheduler_is_gone(
    cluster: Started,
) -> None:
    with executor_named(cluster.address) as executor:
        assert list(executor.results(Cubes(), range(50))) == [n**3 for n in range(50)]
        with pytest.raises(ImageError) as caught:
            list(executor.results(Cubes(fails=20), range(50)))
        assert (caught.value.happened, caught.value.remedy) == (
            "Image 3 cannot be read.",
            "Mend it.",
        )
        results = executor.results(Cubes(), range(10_000))
        assert next(results) == 0
        cluster.scheduler.send_signal(signal.SIGKILL)
        with pytest.raises(ActionableError, match="are gone"):
            list(results)


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_WAIT_S", 1.0)
    with pytest.raises(ActionableError, match="No scheduler"), DaskCluster("tcp://127.0.0.1:1"):
        pass


def test_what_is_waited_for_is_told_before_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that has no worker yet stands for one that is slow to answer."""
    events: list[str] = []

    class Client:
        def __init__(self, address: str, **options: Any) -> None:
            events.append("connected")

        def nthreads(self) -> dict[str, int]:
            return {}

        def wait_for_workers(self, count: int, timeout: float) -> None:
            events.append("a worker came")

        def close(self) -> None:
            pass

    monkeypatch.setattr(dask_cluster, "import_module", lambda name: SimpleNamespace(Client=Client))
    with executor_named("tcp://lab:8786", tell=events.append):
        assert events == [
            "Waiting for the scheduler at tcp://lab:8786, 60 s at most.",
            "connected",
            "The scheduler answers. Waiting for its first worker, 60 s at most.",
            "a worker came",
        ]


def test_without_the_package_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(dask_cluster, "import_module", refuse)
    with pytest.raises(MissingPackage, match=r"landmark-annotator\[cluster\]"):
        DaskCluster("tcp://127.0.0.1:1").__enter__()


def test_the_job_that_slurm_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sbatch` is the test's own: it keeps what it is given."""
    sbatch = tmp_path / "sbatch"
    sbatch.write_text(f'#!/bin/sh\ncat "$1" > {tmp_path}/$$.job\necho Submitted batch job $$\n')
    (tmp_path / "scancel").write_text("#!/bin/sh\n")
    for program in (sbatch, tmp_path / "scancel"):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    file = tmp_path / "slurm.yaml"
    file.write_text(
        "queue: short\naccount: face-lab\ncores: 4\nprocesses: 4\nmemory: 8 GB\n"
        "walltime: '02:00:00'\ninterface: lo\njobs: 2\n"
    )
    with jobs("slurm", read_settings(file)) as cluster:
        script = cluster.job_script()
        while len(list(tmp_path.glob("*.job"))) < 2:  # as many as were asked for
            time.sleep(0.02)
    for said in (
        "#SBATCH -p short",
        "#SBATCH -A face-lab",
        "#SBATCH --cpus-per-task=4",
        "#SBATCH --mem=8G",
        "#SBATCH -t 02:00:00",
        f"{sys.executable} -m distributed.cli.dask_worker tcp://127.0.0.1:",
        "--nworkers 4",
        "--nthreads 1",
    ):
        assert said in script
    first_lines = script.split("tcp://")[0]
    for job in tmp_path.glob("*.job"):
        assert job.read_text().startswith(first_lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [("- a\n", "holds no settings"), ("a: [", "cannot be read"), ("1: 2\n", "holds no settings")],
)
def test_settings_that_are_none_are_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text)
    with pytest.raises(ActionableError, match=told):
        executor_named("slurm", file)


def test_settings_that_the_queue_does_not_take_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**settings: object) -> None:
        raise TypeError(f"unexpected {settings}")

    queue = SimpleNamespace(SLURMCluster=refuse)
    monkeypatch.setattr(dask_cluster, "import_module", lambda name: queue)
    with pytest.raises(ActionableError, match="nonsense"):
        jobs("slurm", {"nonsense": 1})
    with pytest.raises(ActionableError, match="how many jobs"):
        jobs("slurm", {"jobs": 0})


def test_a_package_that_takes_ctrl_c_over_does_not_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "takes_over.py").write_text(
        "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    before = signal.getsignal(signal.SIGINT)
    dask_cluster.imported("takes_over")
    assert signal.getsignal(signal.SIGINT) is before
