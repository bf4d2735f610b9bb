"""A lock is one program's until it ends, however it ends."""

import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from landmark_annotator.projects.file_lock import is_held, lock, one_at_a_time
from tests.accounts import IS_ROOT, as_account

HOLDER = """
import sys, time
from pathlib import Path
from landmark_annotator.projects.file_lock import lock
file = Path(sys.argv[1]).open("ab")
print(lock(file), flush=True)
time.sleep(60)
"""


def test_two_that_open_the_same_file_do_not_both_get_it(tmp_path):
    with (tmp_path / "x").open("ab") as one, (tmp_path / "x").open("ab") as other:
        assert lock(one)
        assert not lock(other)
    with (tmp_path / "x").open("ab") as again:
        assert lock(again)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_program_that_was_killed_holds_nothing(tmp_path):
    path = tmp_path / "x"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline().strip() == "True"
        with path.open("ab") as file:
            assert not lock(file)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with path.open("ab") as file:
            assert lock(file)


def test_one_waits_for_the_other(tmp_path):
    inside, order = threading.Event(), []

    def other():
        inside.wait()
        with one_at_a_time(tmp_path / "x"):
            order.append("other")

    thread = threading.Thread(target=other)
    thread.start()
    with one_at_a_time(tmp_path / "x"):
        inside.set()
        thread.join(0.2)
        order.append("one")
    thread.join()
    assert order == ["one", "other"]


def test_a_file_that_does_not_stay_lets_one_in_at_a_time_too(tmp_path):
    inside, most = [], []

    def enter():
        for _ in range(50):
            with one_at_a_time(tmp_path / "x", patience_s=60.0, stays=False):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert list(tmp_path.iterdir()) == []


def test_whether_somebody_is_inside_is_seen_from_outside(tmp_path):
    assert not is_held(tmp_path / "x")
    with one_at_a_time(tmp_path / "x"):
        assert is_held(tmp_path / "x")
    assert not is_held(tmp_path / "x")


@pytest.fixture
def somebody_elses():
    """A file that may be read, and not written, also where the tests run as root."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.touch()
        path.chmod(0o444)
        Path(folder).chmod(0o777)
        with as_account() if IS_ROOT else nullcontext():
            yield path


def test_what_somebody_else_has_left_keeps_nobody_out(somebody_elses):
    with one_at_a_time(somebody_elses, 0.0, stays=False) as alone:
        assert alone
        with one_at_a_time(somebody_elses, 0.0) as other:
            assert not other
    assert not somebody_elses.exists()


def test_without_locks_it_goes_on(tmp_path, monkeypatch):
    def none(_file):
        raise OSError("no locks here")

    monkeypatch.setattr("landmark_annotator.projects.file_lock.lock", none)
    with one_at_a_time(tmp_path / "x"):
        pass
