"""Killed before or after any write, sync or rename, also of imports, fills, exports and backups."""

from pathlib import Path

import pytest

from tests.benchmarks.killing.drill import LIGHT, run, shim

KILLS = 24


def test_nothing_that_was_acknowledged_is_lost_and_nothing_half_looks_whole(tmp_path: Path) -> None:
    library = shim(tmp_path)
    if library is None:
        pytest.skip("there is no C compiler to build the layer that kills")
    outcome = run(tmp_path, library, KILLS, 11, LIGHT)
    assert (outcome.kills, outcome.lost, outcome.wrong) == (KILLS, 0, [])
