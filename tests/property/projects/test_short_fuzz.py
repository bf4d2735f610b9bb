"""A short run of the benchmark that feeds damaged and made-up files to all readers."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_damaged_files_end_in_a_result_or_a_sentence() -> None:
    words = ["-m", "tests.benchmarks.fuzz", "--inputs", "600", "--seed", "7"]

    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "safety/fuzz_inputs 600" in done.stdout
