"""Memory that is freed after one task and used for the next."""

import os
import subprocess
import sys

import pytest

LOOP = """
import resource
import numpy as np
from landmark_annotator.annotator.session.execution.memory import keep_freed_memory
{}
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def task():
    arrays = [np.ones(2**20) for _ in range(4)]
for _ in range(3):
    task()
before = faults()
for _ in range(10):
    task()
print(faults() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have no such setting")
def test_arrays_of_the_next_task_need_no_new_pages() -> None:
    said = {name: value for name, value in os.environ.items() if "MALLOC" not in name}
    found = [
        int(subprocess.check_output([sys.executable, "-c", LOOP.format(call)], env=said, text=True))
        for call in ("keep_freed_memory()", "")
    ]
    assert found[0] < 100
    assert found[1] > 10_000
