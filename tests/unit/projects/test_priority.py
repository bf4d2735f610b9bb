"""Work that nobody waits for gives way."""

import os
import subprocess
import sys

import pytest

from landmark_annotator.projects.priority import giving_way

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there it goes on as it is")


def priority(code: str, *, way: bool = False) -> int:
    command = [sys.executable, "-c", f"import os; {code}; print(os.getpriority(0, 0))"]
    said = subprocess.run(giving_way(command) if way else command, stdout=subprocess.PIPE)
    return int(said.stdout)


def test_a_program_gives_way_from_its_start() -> None:
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert priority("pass", way=True) == min(mine + 10, 19)


def test_a_process_gives_way_and_twice_is_as_once() -> None:
    way = "from landmark_annotator.projects.priority import give_way; give_way()"
    once = priority(way)
    assert once == max(priority("pass"), 10)
    assert priority(f"{way}; give_way()") == once
