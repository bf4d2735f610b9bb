"""What PostgreSQL's client writes by itself."""

import logging

import pytest

from landmark_annotator.projects.store.engine.postgres import client

pytest.importorskip("psycopg")


def test_the_client_writes_nothing_beside_what_people_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a command
    monkeypatch.setattr(logging.getLogger("psycopg"), "handlers", [])
    client()
    logging.getLogger("psycopg").warning("error ignored terminating %s", "a pipeline")
    assert capsys.readouterr().err == ""
