"""The part of a project that is about who takes part in it, and who may do what."""

from projects.store.open_project import Opened
from projects.store.people import rights, roles
from projects.store.people.roles import Person, Role


class Team(Opened):
    """A project without people in its list is everybody's, and knows no rights."""

    def people(self) -> list[Person]:
        """In the order of the alphabet."""
        return roles.people(self._reading)

    def role_of(self, who: str) -> Role | None:
        """None where the project is everybody's. Raises NotAllowed where others are in its list."""
        return roles.role_of(self._reading, who)

    def refuse_below(self, who: str, needed: Role, deed: str) -> None:
        """For what changes much, before it begins: raises NotAllowed where that role is not
        enough. deed: what is wanted, such as "import labels"."""
        rights.refuse_below(self._reading, who, needed, deed)

    def set_person(self, name: str, role: Role, *, who: str) -> Person:
        """Adds a person, or gives one another role: the first one is a lead.

        Raises NotAllowed where `who` is no lead of a project with people, ProjectError where
        nobody would be one afterwards.
        """
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, "change the list of people")
            roles.set_person(connection, name, role, who)
            found = {person.name: person for person in roles.people(connection)}
        return found[name.strip()]

    def remove_person(self, name: str, *, who: str) -> None:
        """What that person labelled stays. Raises as `set_person` does."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, "change the list of people")
            roles.remove_person(connection, name)
