"""What the client says before a server has said anything, as people are told it."""

import pytest

from landmark_annotator.projects.store.engine.postgres_failures import translated
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ServerAway

psycopg = pytest.importorskip("psycopg")
PLACE = "postgresql://lab/faces"


def test_a_missing_password_is_no_server_that_does_not_answer() -> None:
    said = 'connection to server at "lab", port 5432 failed: fe_sendauth: no password supplied'
    told = translated(psycopg.OperationalError(said), PLACE)
    assert not isinstance(told, ServerAway)
    assert "does not let you in: no password supplied" in str(told)
    assert "~/.pgpass" in str(told)


@pytest.mark.parametrize(
    "said",
    [
        "SSL error: certificate verify failed",
        'root certificate file "/home/ada/.postgresql/root.crt" does not exist',
        'server certificate for "lab" does not match host name "10.0.0.1"',
        "server does not support SSL, but SSL was required",
    ],
)
def test_a_server_that_cannot_show_that_it_is_the_one_does_answer(said: str) -> None:
    words = f'connection to server at "10.0.0.1", port 5432 failed: {said}'
    told = translated(psycopg.OperationalError(words), PLACE)
    assert not isinstance(told, ServerAway)
    assert f"cannot be trusted: {words}." in str(told)
    assert "sslrootcert" in str(told)


REFUSED = 'connection to server at "10.0.0.1", port 5432 failed: FATAL:  '
IN_THE_CLEAR = f'{REFUSED}no pg_hba.conf entry for host "10.0.0.2", user "ada", no encryption'


def test_a_wrong_password_is_told_where_a_second_try_is_refused_for_its_encryption() -> None:
    said = f'{REFUSED}password authentication failed for user "ada"\n{IN_THE_CLEAR}'
    told = translated(psycopg.OperationalError(said), PLACE)
    assert "does not let you in: password authentication failed" in str(told)
    assert "~/.pgpass" in str(told)


def test_who_asks_for_no_encryption_is_told_how_to_ask_for_it() -> None:
    told = translated(psycopg.OperationalError(IN_THE_CLEAR), PLACE)
    assert "does not let you in" in str(told)
    assert "sslmode=verify-full" in str(told)


@pytest.mark.parametrize(
    "said",
    [
        "the database system is starting up",
        "the database system is shutting down",
        "the database system is not yet accepting connections",
        "the database system is in recovery mode",
        "terminating connection due to administrator command",
        "sorry, too many clients already",
        'too many connections for role "ada"',
        "remaining connection slots are reserved for non-replication superuser connections",
    ],
)
def test_a_server_that_takes_nobody_for_now_has_nothing_against_the_login(said: str) -> None:
    words = f'connection to server on socket "/run/.s.PGSQL.5432" failed: FATAL:  {said}'
    told = translated(psycopg.OperationalError(words), PLACE)
    assert isinstance(told, ServerAway)
    assert said in str(told)


def test_a_right_that_was_taken_away_meanwhile_is_told_as_that() -> None:
    error = psycopg.errors.InsufficientPrivilege("permission denied for table journal")
    told = translated(error, PLACE)
    assert isinstance(told, NotAllowed)
    assert str(told).startswith(f"Your login has no right to do this in the project {PLACE}.")
    assert "taken you out of the project" in told.remedy
    assert "newer than the rules that the server keeps" in told.remedy
    found = translated(error, PLACE, reading=True)
    assert isinstance(found, NotAllowed)
    assert str(found).startswith(f"Your login is not among the people of the project {PLACE}")
    assert found.kept.startswith("Nothing was changed.")
