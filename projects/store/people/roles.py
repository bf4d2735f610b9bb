"""The people of a project and their roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    insert,
    select,
)

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.schema.people_tables import PersonTable
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError, closest


class Role(StrEnum):
    """Each may do what those before it may."""

    ANNOTATOR = "annotator"
    """Labels, and changes the labels of nobody else."""
    REVIEWER = "reviewer"
    """Also says of anybody's labels that they are right, or sends them back."""
    LEAD = "lead"
    """Also changes what concerns all: people, plans, the scheme, imports, anybody's labels."""

    def includes(self, other: "Role") -> bool:
        """Whether it may do what the other one may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True)
class Person:
    """name: as the journal records it. at, added_by: when, and by whom it was said."""

    name: str
    role: Role
    at: datetime
    added_by: str


def people(connection: Connection) -> list[Person]:
    """In the order of the alphabet; none where the project is everybody's."""
    rows = connection.execute(_PEOPLE).all()
    return [Person(row.name, Role(row.role), row.at, row.added_by) for row in rows]


def role_of(connection: Connection, who: str) -> Role | None:
    """None where the project is everybody's. Raises NotAllowed where others are in its list."""
    roles = {row.name: row.role for row in connection.execute(_ROLES).all()}
    if not roles:
        return None
    if who not in roles:
        leads = [name for name, role in sorted(roles.items()) if role == Role.LEAD]
        raise NotAllowed(
            f"{who or 'Somebody without a name'} is not among the people of this project."
            f"{closest(who, roles)}",
            kept="Nothing was changed; all of it can be looked at.",
            remedy=f"Your login is {login}, which is in its list: set ANNOTATOR_NAME={login} and "
            "start again."
            if (login := _login(connection)) in roles
            else f"Ask {' or '.join(leads)} to add you: annotator people PROJECT --add {who}. "
            "Your name here is that in ANNOTATOR_NAME, else that of the machine's user.",
        )
    return Role(roles[who])


def _login(connection: Connection) -> str | None:
    """As whom a server knows whoever asks; None of a project of a folder."""
    if connection.dialect.name == "sqlite":
        return None
    return str(connection.exec_driver_sql("SELECT session_user").scalar_one())


def is_listed(connection: Connection, who: str) -> bool:
    return connection.execute(_ONE, {"who": who}).first() is not None


def is_one_of_people(who: str | BindParameter[str]) -> ColumnElement[bool]:
    """As `is_listed`, as part of another question."""
    return exists(select(PersonTable.name).where(PersonTable.name == who))


_ROLES = select(PersonTable.name, PersonTable.role)
_PEOPLE = select(PersonTable.name, PersonTable.role, PersonTable.at, PersonTable.added_by).order_by(
    PersonTable.name
)
_ONE = select(PersonTable.name).where(PersonTable.name == bindparam("who"))


def set_person(connection: Connection, name: str, role: Role, who: str) -> None:
    """Adds a person, or gives one another role. Raises ProjectError where nobody would be lead."""
    name = name.strip()
    if not name or not name.isprintable():
        raise ProjectError(
            "A person needs a name.",
            kept="The list of people stays as it is.",
            remedy="Give the name that is in ANNOTATOR_NAME when that person works.",
        )
    now = {person.name: person.role for person in people(connection)}
    _refuse_leaderless({**now, name: role})
    connection.execute(delete(PersonTable).where(PersonTable.name == name))
    said = {"name": name, "role": role.value, "at": clock.now(connection), "added_by": who}
    connection.execute(insert(PersonTable).values(said))


def remove_person(connection: Connection, name: str) -> None:
    """What that person labelled stays. The last one of all may go: then there is no list."""
    now = {person.name: person.role for person in people(connection)}
    if name not in now:
        raise ProjectError(
            f"{name} is not among the people of this project.{closest(name, now)}",
            kept="The list of people stays as it is.",
        )
    del now[name]
    if now:
        _refuse_leaderless(now)
    connection.execute(delete(PersonTable).where(PersonTable.name == name))


def _refuse_leaderless(roles: dict[str, Role]) -> None:
    if Role.LEAD not in roles.values():
        raise ProjectError(
            "Nobody would be the lead, and only a lead can change the list of people.",
            kept="The list of people stays as it is.",
            remedy="Name a lead first: annotator people PROJECT --add NAME --role lead.",
        )
