"""Rights of a shared project's people as its server keeps them: a login and a role each.

The roles are PostgreSQL's own and named after the database: faces_annotator, faces_reviewer,
faces_lead, each of which has what the one before it has. A login has the name of the person; the
program sets no password.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from landmark_annotator.projects.store.people.roles import Person, Role
from landmark_annotator.projects.store.people.server_rules import (
    BLIND,
    FUNCTIONS,
    GRANTS,
    NUMBER,
    TRIGGERS,
)
from landmark_annotator.projects.store.schema import METADATA
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError

_LONGEST = 63
"""Bytes of a name on a server."""
_TELLS = "landmark annotator: tells all work"
_NUMBERED = "rules of the landmark annotator, number "


def give(connection: Connection, person: Person) -> None:
    """Inside the caller's transaction. The first time, the rules come into being.

    Raises ProjectError where this login may make neither roles nor logins, NotAllowed where it is
    about a lead and this login has not made the project.
    """
    login = _quoted(person.name)
    makers = is_makers(connection)
    is_lead = Role.LEAD in {person.role, *_roles(connection, person.name)}
    try:
        install(connection)
        if not _is_there(connection, person.name):
            connection.exec_driver_sql(f"CREATE ROLE {login} LOGIN")
        _take(connection, person.name)
        connection.exec_driver_sql(f"GRANT {_group(connection, person.role)} TO {login}")
    except NotAllowed as error:
        if is_lead and not makers:
            raise _of_leads(person.name) from error
        # Those of all but leads are given by every lead, once there is the login.
        rights = " and let yours give rights (ALTER ROLE YOU CREATEROLE)" if makers else ""
        raise ProjectError(
            f"{person.name} was not added: your login may give no rights on this server.",
            kept="The list of people stays as it is.",
            remedy=f"Whoever keeps the server can make the login ({_command(person.name)}){rights}"
            f". Then do it again. {error.happened}",
        ) from error


def take_back(connection: Connection, name: str) -> None:
    """The login stays, and can do nothing here. Raises NotAllowed as `give` does."""
    is_lead = Role.LEAD in _roles(connection, name) and not is_makers(connection)
    try:
        _take(connection, name)
    except NotAllowed as error:
        if is_lead:
            raise _of_leads(name) from error
        raise


def give_to_these_alone(connection: Connection, listed: Sequence[Person]) -> list[str]:
    """As `give`, to all of these; whoever else has a role here loses it, and is returned. The roles
    are the server's and not the database's, so that one that was restored finds those of people who
    came since."""
    for person in listed:
        give(connection, person)
    query = (
        "SELECT DISTINCT login.rolname FROM pg_auth_members "
        "JOIN pg_roles role ON role.oid = roleid JOIN pg_roles login ON login.oid = member "
        "WHERE role.rolname = ANY(%(groups)s) AND login.rolcanlogin "
        "AND login.rolname <> session_user"
    )
    groups = [_group_name(connection, role) for role in Role]
    have = set(connection.exec_driver_sql(query, {"groups": groups}).scalars())
    others = sorted(have - {person.name for person in listed})
    for name in others:
        _take(connection, name)
    return others


def unseen(connection: Connection) -> frozenset[int]:
    """Instances of whose labels and journal the server shows this login nothing."""
    run = connection.exec_driver_sql
    if run("SELECT to_regclass('hidden_from_me')").scalar() is None:
        return frozenset()
    return frozenset(run("SELECT id FROM hidden_from_me").scalars())


def tells_all_work(connection: Connection) -> bool:
    """Whether this server adds up what the project has cost, and says it of all: also of what is
    hidden from this login. Looked up once for each connection."""
    if connection.dialect.name == "sqlite":
        return False
    if _TELLS not in connection.info:
        query = "SELECT to_regprocedure('worked(integer)') IS NOT NULL"
        connection.info[_TELLS] = connection.exec_driver_sql(query).scalar()
    return bool(connection.info[_TELLS])


def are_older(connection: Connection) -> bool:
    """Whether what the server refuses is what an earlier version of this program had it refuse."""
    query = (
        "SELECT there IS NOT NULL, obj_description(there, 'pg_class') "
        "FROM to_regclass('hidden_from_me') AS there"
    )
    there, said = connection.exec_driver_sql(query).one()
    number = (said or "").removeprefix(_NUMBERED)
    return bool(there) and (int(number) if number.isdecimal() else 0) < NUMBER


def is_makers(connection: Connection) -> bool:
    """Whether this login is that of whoever made the project."""
    query = (
        "SELECT pg_has_role(current_user, tableowner, 'MEMBER') FROM pg_tables "
        "WHERE tablename = 'journal' AND schemaname = current_schema()"
    )
    return connection.exec_driver_sql(query).scalar() is True


def install(connection: Connection) -> None:
    """The roles, what each may do, and what the server refuses; again after every migration, and
    where they are older than this program. Nothing where whoever made the project has to do it."""
    if not is_makers(connection):
        return
    run = connection.exec_driver_sql
    schema = _quoted(str(run("SELECT current_schema()").scalar()))
    for statement in FUNCTIONS:
        run(statement.replace("{schema}", schema).replace("%", "%%"))
    for table, name, when, function in TRIGGERS:
        run(
            f"CREATE OR REPLACE TRIGGER {name}_{table} {when} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table in BLIND:
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"DROP POLICY IF EXISTS blind ON {table}")
        run(
            f"CREATE POLICY blind ON {table} USING (instance_id IS NULL OR NOT EXISTS "  # noqa: S608
            "(SELECT 1 FROM hidden_from_me h WHERE h.id = instance_id)) WITH CHECK (true)"
        )
    run(
        "INSERT INTO acceptances SELECT DISTINCT ON (i.id) i.id, j.who FROM instances i "
        "JOIN journal j ON j.instance_id = i.id WHERE i.state = 'accepted' "
        "AND j.kind IN ('accept', 'sheet', 'image', 'import', 'rule') ORDER BY i.id, j.id DESC "
        "ON CONFLICT DO NOTHING"
    )
    before: str | None = None
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    for role in Role:
        group = _group(connection, role)
        if not _is_there(connection, _group_name(connection, role)):
            run(f"CREATE ROLE {group} NOLOGIN")
        if before is not None:
            run(f"GRANT {before} TO {group}")
        run(f"GRANT USAGE ON SCHEMA {schema} TO {group}")
        run(f"GRANT SELECT ON {tables}, acceptances, hidden_from_me, alembic_version TO {group}")
        run(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {group}")
        for grant in GRANTS[role]:
            run(f"GRANT {grant} TO {group}")
        before = group
    lead = _group(connection, Role.LEAD)
    run(f"GRANT INSERT, UPDATE, DELETE ON {tables} TO {lead}")
    run(f"REVOKE UPDATE, DELETE ON journal FROM {lead}")
    for role in Role:
        if role is not Role.LEAD:
            run(f"GRANT {_group(connection, role)} TO {lead} WITH ADMIN OPTION")
    run(f"COMMENT ON VIEW hidden_from_me IS '{_NUMBERED}{NUMBER}'")


def _take(connection: Connection, name: str) -> None:
    for role in _roles(connection, name):
        connection.exec_driver_sql(f"REVOKE {_group(connection, role)} FROM {_quoted(name)}")


def _roles(connection: Connection, name: str) -> list[Role]:
    """That the login was given here."""
    query = (
        "SELECT role.rolname FROM pg_auth_members JOIN pg_roles role ON role.oid = roleid "
        "JOIN pg_roles login ON login.oid = member WHERE login.rolname = %(name)s"
    )
    has = set(connection.exec_driver_sql(query, {"name": name}).scalars())
    return [role for role in Role if _group_name(connection, role) in has]


def _of_leads(name: str) -> NotAllowed:
    return NotAllowed(
        f"{name} stays what they are here: leads come and go by the login that made the project.",
        kept="The list of people stays as it is.",
        remedy="Ask whoever made the project to do it with that login.",
    )


def _is_there(connection: Connection, name: str) -> bool:
    query = "SELECT 1 FROM pg_roles WHERE rolname = %(name)s"
    return connection.exec_driver_sql(query, {"name": name}).first() is not None


def _group_name(connection: Connection, role: Role) -> str:
    database = connection.exec_driver_sql("SELECT current_database()").scalar()
    return f"{database}_{role.value}"


def _group(connection: Connection, role: Role) -> str:
    return _quoted(_group_name(connection, role))


def _quoted(name: str) -> str:
    """As an identifier. Raises ProjectError where the server would cut it."""
    if len(name.encode()) > _LONGEST or "\0" in name:
        raise ProjectError(
            f"A login has at most {_LONGEST} bytes, and {name[:20]}... has more.",
            kept="The list of people stays as it is.",
        )
    doubled = name.replace('"', '""').replace("%", "%%")
    return f'"{doubled}"'


def _command(name: str) -> str:
    return f"createuser {name}"
