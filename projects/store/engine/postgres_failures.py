"""What PostgreSQL and its client report, as errors that the user can act on.

The one place that reads its codes.
"""

from copy import copy

from landmark_annotator.projects.store.engine import failures
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    NotAllowed,
    ProjectError,
    ProjectLocked,
    ProjectReadOnly,
    ServerAway,
)

_KEPT = "Everything stored before is kept."
_AWAY = {"57P01", "57P02", "57P03", "57P05", "25P03", "53300"}
_NO_PASSWORD = "no password supplied"
_MISTYPED = ("connection option", "definition of service", "service file")
"""Of an address that no server was asked by: the client says so in words alone."""
_NOT_TRUSTED = ("certificate", "SSL was required")
"""Of a server that is there and could not show, in the way that the address asks for, that it is
the one that is meant."""
_IN_THE_CLEAR = "no encryption"
"""Of a second try, without TLS, where the address leaves that open and the first was refused."""
_NOT_NOW = ("terminating", "the database system is", "too many c", "connection slots are")
"""What a server says that is there and takes nobody at the moment: it starts, it stops, it mends
itself, or it is full."""
_NO_RIGHT = "permission denied"
"""Of what the login was not granted at all; a project's own rules say in words what is not
allowed."""
_OWN_NAME = "set ANNOTATOR_NAME="
_WAITED = {"55P03", "40P01", "40001"}


def away(place: str, detail: str) -> ServerAway:
    """Of a reading, or before it is known what was asked: see `not_stored`."""
    return ServerAway(
        f"The server of the project {place} does not answer: {detail}.",
        kept=_KEPT,
        remedy="Check the network and that the server runs, then do it again: the program "
        "connects anew by itself.",
    )


def not_stored(error: ServerAway, *, committing: bool = False) -> ServerAway:
    """The same, of a change. committing: the server went while it was being committed."""
    this = "Whether this change was stored is not sure." if committing else "This was not stored."
    return ServerAway(error.happened, kept=f"{this} {_KEPT}", remedy=error.remedy)


def translated(
    error: BaseException | None, place: str, *, reading: bool = False
) -> ProjectError | None:
    """The error for the user, or None where it is a mistake of the program. reading: nothing was to
    be changed, which all may who have a role in the project."""
    import psycopg

    if isinstance(error, ProjectError):
        return copy(error)  # what a column does not take; it is raised from the one that came
    if not isinstance(error, psycopg.Error):
        return None
    code = error.sqlstate
    if code is None and not isinstance(error, psycopg.OperationalError):
        return None
    if code is None or code[:2] == "08" or code in _AWAY:
        return _connection(error, place)
    if code in _WAITED:
        return ProjectLocked(
            f"Somebody else is writing the same to the project {place}.",
            kept=f"This change was not made. {_KEPT}",
            remedy="Try again in a moment.",
        )
    told = error.diag.message_primary or str(error)
    match code:
        case "23502":
            return failures.incomplete(error.diag.column_name or "value")
        case "23514":
            return failures.unfit(error.diag.constraint_name or "of its table")
        case "57014":
            return ProjectLocked(
                f"The server of the project {place} took too long for this.",
                kept=f"This change was not made. {_KEPT}",
                remedy="Try again when it has less to do.",
            )
        case "42501" if reading and told.startswith(_NO_RIGHT):
            return NotAllowed(
                f"Your login is not among the people of the project {place}, or no longer.",
                kept=f"Nothing was changed. {_KEPT}",
                remedy="Its lead may have taken you out of the project since you opened it: ask "
                f"the lead. The server says: {told}.",
            )
        case "42501" if told.startswith(_NO_RIGHT):
            return NotAllowed(
                f"Your login has no right to do this in the project {place}.",
                kept=f"This change was not made. {_KEPT}",
                remedy="Its lead may have taken you out of the project, or given you another "
                "role, since you opened it: ask the lead. Or this program is newer than the rules "
                "that the server keeps: whoever made the project renews them by opening it. The "
                f"server says: {told}.",
            )
        case "42501":
            return NotAllowed(
                f"Your login may not do this in the project {place}: {told}.",
                kept=f"This change was not made. {_KEPT}",
                # It says already what to do.
                remedy="" if _OWN_NAME in told else "Ask the lead of the project.",
            )
        case "25006":
            return ProjectReadOnly(
                f"The project {place} is open for reading only.",
                kept=_KEPT,
                remedy="Open it with a login that may write.",
            )
        case "23505":
            return ProjectLocked(
                f"Somebody else has stored the same in the project {place} at this moment.",
                kept=f"This change was not made. {_KEPT}",
                remedy="Look at what is there now, and do it again where it is still needed.",
            )
        case "42P01" | "3F000":
            return none_there(place)
        case "53100":
            return DiskFull(
                f"There is no room left on the server of the project {place}.",
                kept=f"This change was not made. {_KEPT}",
                remedy="Ask whoever keeps the server to free some space, and do it again.",
            )
        case "XX001" | "XX002":
            return failures.damaged(place, told)
    return None


def mistyped(place: str, detail: str) -> ProjectError:
    return ProjectError(
        f"The address {place} cannot be used: {detail}.",
        kept="Nothing was changed.",
        remedy="Write it as postgresql://USER@HOST:PORT/DATABASE, or postgresql:///?service=NAME "
        "with that service in ~/.pg_service.conf.",
    )


def none_there(place: str) -> ProjectError:
    return ProjectError(
        f"There is no project at {place}.",
        kept="Nothing was changed.",
        remedy="Make one: annotator new ADDRESS --scheme SCHEME. Or check the address.",
    )


def _connection(error: BaseException, place: str) -> ProjectError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # The server's own word, else the first of what the client tried, without its advice.
    fatal = [line for line in lines if "FATAL:  " in line]
    encrypted = [line for line in fatal if _IN_THE_CLEAR not in line]
    detail = ((encrypted or fatal)[-1:] + lines[:1] + [type(error).__name__])[0].rstrip(".")
    _, refused, said = detail.partition("FATAL:  ")
    if not refused and _NO_PASSWORD in detail:
        # The client's own word, before the server has any.
        refused, said = _NO_PASSWORD, _NO_PASSWORD
    if not refused and any(part in detail for part in _MISTYPED):
        return mistyped(place, detail)
    if not refused and any(part in detail for part in _NOT_TRUSTED):
        return ProjectError(
            f"The server of the project {place} cannot be trusted: {detail}.",
            kept="Nothing was changed.",
            remedy="Ask whoever keeps the server for the certificate that signs its own, put it "
            "into ~/.postgresql/root.crt or name it by sslrootcert=FILE in the address, and give "
            "the host the name that is in the server's certificate.",
        )
    if not refused:
        return away(place, detail)
    if "does not exist" in said and "database" in said:
        return ProjectError(
            f"The server has no database for {place}: {said}.",
            kept="Nothing was changed.",
            remedy="Check the name, or have one made: createdb --host HOST NAME.",
        )
    if any(part in said for part in _NOT_NOW):
        return away(place, said)
    remedy = (
        "Let the connection be encrypted: sslmode=verify-full in the address or its service."
        if _IN_THE_CLEAR in said
        else "Check the user in the address or $PGUSER, and the password in ~/.pgpass, "
        "a service or $PGPASSWORD."
    )
    return ProjectError(
        f"The server of the project {place} does not let you in: {said}.",
        kept="Nothing was changed.",
        remedy=remedy,
    )
