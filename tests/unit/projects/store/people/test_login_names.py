"""Whose login is another name than the one of this machine's user."""

from collections.abc import Callable
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from tests.postgres_server import Server


def test_whose_login_is_in_the_list_is_told_to_take_its_name_and_not_to_be_added(
    new_database: Callable[[], str], postgres: Server, tmp_path: Path
) -> None:
    address = new_database()
    write_address(tmp_path / "owner", address)
    with Project.create(tmp_path / "owner", kites.SCHEME) as project:
        project.set_person("ada", Role.LEAD, who="ada")
        with pytest.raises(NotAllowed, match="Ask ada to add you"):  # the login is the owner's
            project.role_of("jones")
    write_address(tmp_path / "ada", address.replace(f"{postgres.owner}@", "ada@"))
    with Project.open(tmp_path / "ada") as hers:
        with pytest.raises(NotAllowed, match=r"Your login is ada.*set ANNOTATOR_NAME=ada"):
            hers.role_of("jones")
        assert hers.role_of("ada") is Role.LEAD
