"""Work done by processes beside this one."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.execution.choice import executor_named
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError


@dataclass(frozen=True)
class Squares:
    """makes: a file that gets a line for each time that the work is made.

    Of the task `fails` it makes an ImageError, and at `deadly` its process dies as often as there
    are bytes in the file `lives`.
    """

    makes: Path
    fails: int = -1
    deadly: int = -1
    lives: Path | None = None

    def make(self) -> Callable[[int], int]:
        with self.makes.open("a") as stream:
            stream.write("made\n")
        return self._square

    def _square(self, number: int) -> int:
        if number == self.fails:
            raise ImageError("Image 3 cannot be read.", remedy="Mend it.")
        if number == self.deadly and self.lives is not None and self.lives.stat().st_size:
            os.truncate(self.lives, self.lives.stat().st_size - 1)
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number


@pytest.fixture(scope="module")
def processes() -> Iterator[LocalProcesses]:
    with LocalProcesses(2) as started:
        yield started


def test_results_come_in_the_order_of_their_tasks(
    processes: LocalProcesses, tmp_path: Path
) -> None:
    work = Squares(tmp_path / "makes")
    numbers = list(range(100))
    assert list(processes.results(work, numbers)) == list(THIS_PROCESS.results(work, numbers))


def test_each_process_makes_the_work_once(processes: LocalProcesses, tmp_path: Path) -> None:
    work = Squares(tmp_path / "makes")
    list(processes.results(work, range(30)))
    assert 1 <= len((tmp_path / "makes").read_text().splitlines()) <= 2


def test_what_a_person_can_act_on_arrives_whole(processes: LocalProcesses, tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        list(processes.results(Squares(tmp_path / "makes", fails=3), range(9)))
    assert (caught.value.happened, caught.value.remedy) == ("Image 3 cannot be read.", "Mend it.")


def test_leaving_off_early_leaves_nothing_to_what_follows(tmp_path: Path) -> None:
    with LocalProcesses(1) as started:
        results = started.results(Squares(tmp_path / "makes"), range(1000))
        assert next(results) == 0
        results.close()
        following = started.results(Squares(tmp_path / "makes"), range(1000, 1010))
        assert list(following) == [n * n for n in range(1000, 1010)]
    assert started.pids == []


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    lives.write_bytes(b"xx")
    work = Squares(tmp_path / "makes", deadly=5, lives=lives)
    with LocalProcesses(1) as started:
        assert list(started.results(work, range(12))) == [n * n for n in range(12)]


def test_a_task_that_ends_every_worker_is_given_up(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    lives.write_bytes(b"x" * 9)
    work = Squares(tmp_path / "makes", deadly=0, lives=lives)
    with LocalProcesses(1) as started, pytest.raises(ActionableError, match="ended 3 times"):
        list(started.results(work, range(4)))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="of Linux alone")
def test_a_worker_has_its_threads_in_its_environment_from_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It imports the module that this process was started with, and torch with that, at once."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    with LocalProcesses(1000) as started:
        list(started.results(Squares(tmp_path / "makes"), [0]))
        [pid] = started.pids
        began_with = Path(f"/proc/{pid}/environ").read_text().split("\0")
    assert "OMP_NUM_THREADS=1" in began_with
    assert "MKL_NUM_THREADS=7" in began_with
    assert "OMP_NUM_THREADS" not in os.environ


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="of Linux alone")
def test_a_worker_hears_nothing_of_ctrl_c(tmp_path: Path) -> None:
    with LocalProcesses(1) as started:
        list(started.results(Squares(tmp_path / "makes"), [0]))
        [pid] = started.pids
        status = Path(f"/proc/{pid}/status").read_text()
    [blocked] = [line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")]
    assert int(blocked, 16) & 1 << (signal.SIGINT - 1)


@pytest.mark.parametrize(
    "name",
    ["local:0", "local:", "local:two", "here", "local:-1", "", "tcp:", "tcp://", "slurn"],
)
def test_what_is_no_scheduler_is_refused(name: str) -> None:
    with pytest.raises(ActionableError, match="no scheduler"):
        executor_named(name)
