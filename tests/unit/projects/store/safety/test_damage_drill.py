"""A damaged database never gives a wrong export without a word, and its backup gives it again."""

from pathlib import Path

from tests.benchmarks.damage_drill import drill


def test_damaged_at_many_places_it_is_refused_or_right_and_can_be_restored(tmp_path: Path) -> None:
    found = drill(tmp_path, damages=30, seed=1)
    assert (found.wrong, found.crashed) == ((), ())
    assert found.refused > 8
    assert found.restored == 3
