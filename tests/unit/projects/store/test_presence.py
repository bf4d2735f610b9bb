"""Who has a project open is known while they have, however their program ends."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from landmark_annotator.projects.store import Presence, visitors

HOLDER = """
import sys, time
from pathlib import Path
from landmark_annotator.projects.store import Presence
presence = Presence(Path(sys.argv[1]), "ada")
print(len(presence.others), flush=True)
time.sleep(60)
"""


@pytest.fixture
def elsewhere(tmp_path):
    """Begins programs that have the folder open; each says how many were there before it."""
    programs = []

    def begin():
        program = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        programs.append(program)
        return program, int(program.stdout.readline())

    yield begin
    for program in programs:
        program.kill()
        program.wait()
        program.stdout.close()


def test_the_second_learns_who_is_there_since_when(tmp_path):
    before = datetime.now(UTC)
    with Presence(tmp_path, "ada") as ada:
        with Presence(tmp_path, "ben") as ben:
            [other] = ben.others
        assert ada.others == ()
    assert other.who == "ada"
    assert before <= other.since <= datetime.now(UTC)
    assert other.here


def test_who_has_left_is_not_there_and_leaves_no_file(tmp_path):
    Presence(tmp_path, "ada").leave()
    assert visitors(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_who_came_second_is_there_when_the_first_has_left(tmp_path):
    with Presence(tmp_path, "ada") as ada, Presence(tmp_path, "ben"):
        ada.leave()
        assert [visitor.who for visitor in visitors(tmp_path)] == ["ben"]
        with Presence(tmp_path, "eve") as eve:
            assert [visitor.who for visitor in eve.others] == ["ben"]


def test_another_program_is_seen_and_one_that_was_killed_is_not(tmp_path, elsewhere):
    program, others = elsewhere()
    assert others == 0
    assert [visitor.who for visitor in visitors(tmp_path)] == ["ada"]
    program.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    program.wait()
    assert visitors(tmp_path) == []
    with Presence(tmp_path, "ben") as ben:
        assert ben.others == ()


def test_of_two_that_come_at_once_one_at_least_sees_the_other(elsewhere):
    counts = [elsewhere()[1] for _ in range(3)]
    assert counts == [0, 1, 2]


def test_without_locks_nobody_is_known_and_nothing_is_refused(tmp_path, monkeypatch):
    def none(_file):
        raise OSError("no locks on this drive")

    monkeypatch.setattr("landmark_annotator.projects.store.presence.lock", none)
    with Presence(tmp_path, "ada"), Presence(tmp_path, "ben") as ben:
        assert ben.others == ()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_where_nothing_can_be_written_who_is_there_is_still_seen(tmp_path):
    with Presence(tmp_path, "ada"):
        tmp_path.chmod(0o500)
        try:
            with Presence(tmp_path, "ben") as ben:
                assert [visitor.who for visitor in ben.others] == ["ada"]
        finally:
            tmp_path.chmod(0o700)


def test_a_file_that_makes_no_sense_is_somebody(tmp_path):
    with Presence(tmp_path, "ada"):
        [path] = tmp_path.iterdir()
        path.write_text(json.dumps({"who": "ada"}))
        [visitor] = visitors(tmp_path)
        assert visitor.who == ""
