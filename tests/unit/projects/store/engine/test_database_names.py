"""How the database of an address is called, for names that are proposed."""

import pytest

from landmark_annotator.projects.store.engine.address import database_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://ada@lab.example.org:5432/faces", "faces"),
        ("postgres://lab/two%20words?sslmode=require", "two words"),
        ("postgresql://lab/?dbname=faces", "faces"),
        ("postgresql:///?service=lab", "lab"),
        ("postgresql://lab", ""),
        ("postgresql://[lab/faces", ""),
        ("faces", ""),
    ],
)
def test_the_database_is_called_as_the_address_says(address: str, name: str) -> None:
    assert database_name(address) == name
