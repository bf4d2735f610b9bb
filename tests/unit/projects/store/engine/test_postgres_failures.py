"""What the client says before a server has said anything, as people are told it."""

import pytest

from landmark_annotator.projects.store.engine.postgres_failures import translated
from landmark_annotator.projects.vocabulary.errors import ServerAway

psycopg = pytest.importorskip("psycopg")
PLACE = "postgresql://lab/faces"


def test_a_missing_password_is_no_server_that_does_not_answer() -> None:
    said = 'connection to server at "lab", port 5432 failed: fe_sendauth: no password supplied'
    told = translated(psycopg.OperationalError(said), PLACE)
    assert not isinstance(told, ServerAway)
    assert "does not let you in: no password supplied" in str(told)
    assert "~/.pgpass" in str(told)
