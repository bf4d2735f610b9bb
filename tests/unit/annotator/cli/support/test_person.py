"""The name that the journal records."""

import getpass

import pytest

from landmark_annotator.annotator.cli.support.person import who


def test_the_environment_names_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", " Ada ")
    assert who() == "Ada"


def test_otherwise_it_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANNOTATOR_NAME", raising=False)
    assert who() == getpass.getuser()


def test_a_container_without_users_still_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.delenv("ANNOTATOR_NAME", raising=False)
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who() == "unknown"
