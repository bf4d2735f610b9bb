"""Ctrl+C, which a terminal sends to all its processes, what else ends a whole group, and those that
work for another one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from landmark_annotator.projects.vocabulary.interrupts import not_for_helpers

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="not on Windows")


def test_a_process_that_is_just_starting_hears_nothing_of_them(tmp_path: Path) -> None:
    process = get_context("spawn").Process(target=Path.touch, args=(tmp_path / "done",))
    with not_for_helpers():
        process.start()
    assert process.pid is not None
    # While it still imports what it is to do.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process.pid, number)
    process.join()
    assert process.exitcode == 0
    assert (tmp_path / "done").exists()


def test_one_that_is_left_keeps_no_program_from_its_end() -> None:
    program = """
import time
from multiprocessing import get_context
from landmark_annotator.projects.vocabulary.interrupts import not_for_helpers
process = get_context("spawn").Process(target=time.sleep, args=(300,), daemon=True)
with not_for_helpers():
    process.start()
"""
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


@pytest.fixture
def python_answers() -> Iterator[None]:
    """As it does by itself; a package that was loaded before may have taken Ctrl+C over."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("python_answers")
def test_this_process_hears_it_a_moment_later() -> None:
    with pytest.raises(KeyboardInterrupt), not_for_helpers():
        os.kill(os.getpid(), signal.SIGINT)
