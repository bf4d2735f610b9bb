"""Killed before or after any write, sync or rename, whatever is done, or with the power as well;
and on a disk that is full from some moment on."""

from pathlib import Path

import pytest

from tests.benchmarks.killing.drill import run, run_on_full_disks, shim

KILLED = ("label", "import", "fill", "exclude", "gather", "restore")
KILLS = 24
CUT = ("label", "export", "backup", "new", "restore_beside")
CUTS = 10
FILLED = ("label", "import", "export", "restore", "gather", "migrate")
FULL = 8


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = shim(tmp_path_factory.mktemp("shim"))
    if found is None:
        pytest.skip("there is no C compiler to build the layer that kills")
    return found


def test_nothing_that_was_acknowledged_is_lost_and_nothing_half_looks_whole(
    library: Path, tmp_path: Path
) -> None:
    outcome = run(tmp_path, library, KILLS, 11, KILLED)
    assert (outcome.kills, outcome.lost, outcome.wrong) == (KILLS, 0, [])


def test_nothing_is_lost_of_what_was_only_synced_when_the_power_went(
    library: Path, tmp_path: Path
) -> None:
    outcome = run(tmp_path, library, CUTS, 12, CUT, cuts=True)
    assert (outcome.kills, outcome.lost, outcome.wrong) == (CUTS, 0, [])


def test_a_full_disk_is_said_and_work_goes_on_once_there_is_room(
    library: Path, tmp_path: Path
) -> None:
    outcome = run_on_full_disks(tmp_path, library, FULL, 13, FILLED)
    assert (outcome.kills, outcome.lost, outcome.wrong) == (FULL, 0, [])
