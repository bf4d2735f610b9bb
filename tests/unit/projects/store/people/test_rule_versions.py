"""A server's rules, which it keeps when a newer version of the program opens its project."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.people.server_rules import (
    BLIND,
    FUNCTIONS,
    GRANTS,
    NUMBER,
    TRIGGERS,
)
from tests.postgres_server import Server

DATABASE = "rule_versions"


def test_rules_that_changed_have_a_new_number() -> None:
    said = repr((FUNCTIONS, TRIGGERS, BLIND, GRANTS))
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    assert (NUMBER, digest) == (8, "cad8f0f21132"), "a server learns of new rules by a new number"


def test_rules_of_an_earlier_version_are_renewed_by_who_made_the_project(
    team: Project, postgres: Server, opened: Callable[[str], Project], tmp_path: Path
) -> None:
    postgres.run("COMMENT ON VIEW hidden_from_me IS NULL", DATABASE)
    postgres.run("DROP TRIGGER guard_journal ON journal", DATABASE)
    assert opened("ann").rules_are_older
    write_address(tmp_path / "owner", postgres.address(DATABASE))
    with Project.open(tmp_path / "owner", read_only=True) as looked_at:
        assert looked_at.rules_are_older
    with Project.open(tmp_path / "owner") as owners:
        assert not owners.rules_are_older
    there = postgres.run("SELECT 1 FROM pg_trigger WHERE tgname = 'guard_journal'", DATABASE)
    assert there == ["1"]


def test_rules_of_a_later_version_are_left(team: Project, postgres: Server, tmp_path: Path) -> None:
    later = f"rules of the landmark annotator, number {NUMBER + 1}"
    postgres.run(f"COMMENT ON VIEW hidden_from_me IS '{later}'", DATABASE)
    write_address(tmp_path / "owner", postgres.address(DATABASE))
    try:
        with Project.open(tmp_path / "owner") as owners:
            assert not owners.rules_are_older
        query = "SELECT obj_description('hidden_from_me'::regclass, 'pg_class')"
        assert postgres.run(query, DATABASE) == [later]
    finally:
        postgres.run("COMMENT ON VIEW hidden_from_me IS NULL", DATABASE)
