"""The part of a project that is about who takes part in it, who may do what, and who has what."""

from collections.abc import Collection

from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import (
    acceptances,
    alternatives,
    choosing,
    second_opinions,
)
from landmark_annotator.projects.store.journal.alternatives import KeptShape
from landmark_annotator.projects.store.people import (
    assignments,
    double_labelling,
    leases,
    rights,
    roles,
    server_rights,
)
from landmark_annotator.projects.store.people.assignments import Assignment
from landmark_annotator.projects.store.people.leases import Lease
from landmark_annotator.projects.store.people.roles import Person, Role
from landmark_annotator.projects.store.queue import Queue
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    Entry,
    InstanceRecord,
    InstanceState,
)
from landmark_annotator.projects.store.rows.shapes import shape_of
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.errors import NotAllowed


class Team(Queue):
    """A project without people in its list is everybody's, and knows no rights and no leases."""

    def people(self) -> list[Person]:
        """In the order of the alphabet."""
        return roles.people(self._reading)

    def role_of(self, who: str) -> Role | None:
        """None where the project is everybody's. Raises NotAllowed where others are in its list."""
        return roles.role_of(self._reading, who)

    def refuse_below(self, who: str, needed: Role, deed: str | ActionKind) -> None:
        """For what changes much, before it begins: raises NotAllowed where that role is not
        enough. deed: what is wanted, such as "import labels", or the kind of a lead's entries."""
        rights.refuse_below(self._reading, who, needed, deed)

    def set_person(self, name: str, role: Role | str, *, who: str) -> Person:
        """Adds a person, or gives one another role: the first one is a lead. role: by its text too.

        Raises NotAllowed where `who` is no lead of a project with people, unless this login is
        that of whoever made it on its server; ProjectError where nobody would be one afterwards.
        """
        with self._writing() as connection:
            self._refuse_to_list(connection, who)
            roles.set_person(connection, name, member(Role, role, "role"), who)
            found = {person.name: person for person in roles.people(connection)}
            if self.shared:
                server_rights.give(connection, found[name.strip()])
        return found[name.strip()]

    def remove_person(self, name: str, *, who: str) -> None:
        """What that person labelled stays. Raises as `set_person` does."""
        with self._writing() as connection:
            self._refuse_to_list(connection, who)
            roles.remove_person(connection, name)
            if self.shared:
                server_rights.take_back(connection, name)

    @property
    def list_is_mine(self) -> bool:
        """Whether this login may change the list of people in whatever name: on a server that of
        whoever made the project. Else whoever adds somebody else as its first lead is shut out,
        and that lead's login may give nobody rights."""
        return self.shared and server_rights.is_makers(self._reading)

    def _refuse_to_list(self, connection: Connection, who: str) -> None:
        if not self.list_is_mine:
            rights.refuse_below(connection, who, Role.LEAD, "change the list of people")

    @property
    def rules_are_older(self) -> bool:
        """Whether the server of a shared project still refuses what an earlier version of this
        program had it refuse: who made the project renews that by opening it."""
        return self.shared and server_rights.are_older(self._reading)

    def kept_for(self, instance: InstanceRecord, *, who: str) -> str | None:
        """Who may change a shape of which this person, by their role, may change nothing: whose
        label it is, or a lead; a lead alone where two people have labelled the object. None where
        the person may. Raises NotAllowed where they are not among the people of the project."""
        if instance.state is not InstanceState.ACCEPTED:  # then it is no question for a server
            return None
        role, connection = self.role_of(who), self._reading
        try:
            double_labelling.refuse_after_both(connection, role, instance.id, who)
        except NotAllowed:
            return "a lead"
        owner = rights.whose_accepted(
            role, who, lambda: acceptances.accepted_by(connection, instance.id)
        )
        return None if owner is None else f"{owner} or a lead"

    # Who has which image

    def assignment(self) -> Assignment:
        """How images are handed out."""
        return assignments.current_assignment(self._reading)

    def set_assignment(self, said: Assignment, *, who: str) -> list[int]:
        """From now on, also of images that are in somebody's hands. Returns the instances that
        were added for second opinions on what is accepted already. Raises NotAllowed where `who`
        is no lead, ProjectError for bad numbers."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, "say how images are handed out")
            before = assignments.current_assignment(connection)
            assignments.store_assignment(connection, said, who)
            leases.keep_for(connection, before.lease, said.lease)
            return second_opinions.ask_all(connection)

    def second_opinions_to_come(self) -> int:
        """How many will be asked for, where two people label a share of the images, of instances
        that are not accepted yet; those that are asked for already are not among them."""
        return second_opinions.to_come(self._reading)

    def blind(self) -> dict[int, int]:
        """Of each object that two people label and that not both have finished: the first instance
        by the second. Empty where the project is everybody's."""
        return double_labelling.blind(self._reading)

    def blind_instances(self) -> frozenset[int]:
        """Both instances of each such object: until both have finished nothing learns from their
        labels or is judged by them."""
        blind = self.blind()
        return frozenset({*blind, *blind.values()})

    def hidden_from(self, who: str, among: Collection[int] | None = None) -> frozenset[int]:
        """Instances whose labels this person is not to see yet, since two people label them.
        among: of these alone, which is as quick as of one; None for all."""
        return double_labelling.hidden_from(self._reading, who, among)

    def is_hidden_from(self, instance_id: int, who: str) -> bool:
        return double_labelling.is_hidden_from(self._reading, instance_id, who)

    def leases(self) -> list[Lease]:
        """Those that hold now: one an image at most."""
        return leases.leases(self._reading)

    def take_images(
        self, images: Collection[int], *, who: str, instead_of: Collection[int] = ()
    ) -> list[Lease]:
        """Into this person's hands, as far as nobody else has them: whose they are now. None where
        the project is everybody's. Raises NotAllowed where `who` is not in its list.

        instead_of: images that the person gives back for them, in the same step."""
        if not instead_of and self.role_of(who) is None:
            return []
        with self._writing() as connection:
            if instead_of:
                leases.give_back(connection, instead_of, who)
            return leases.take_all(connection, images, who)

    def take_next(self, after: int | None, *, who: str) -> InstanceRecord | None:
        """The next instance that is offered to this person, see `offered`, with its image in
        that person's hands: nobody else is offered it meanwhile. None where there is none."""
        return next(iter(self.take_next_of(after, 1, who=who)), None)

    def take_next_of(self, after: int | None, limit: int, *, who: str) -> list[InstanceRecord]:
        """As `take_next`, with those that are offered after it as far as they are found with it;
        these stay where they are."""
        with self._writing() as connection:
            found = self.offered(who, after, limit, at_least=1)
            if found:
                leases.take(connection, found[0].image_id, who)
        return found

    def give_back(self, images: Collection[int], *, who: str) -> None:
        """Those of these that the person has in hands."""
        if images and self.shared:
            # One statement, which is stored by itself: whoever goes on waits for this alone.
            leases.give_back(self._reading, images, who)
        elif images:
            with self._writing(beside=True) as connection:
                leases.give_back(connection, images, who)

    # What was kept beside a shape

    def kept_beside(self, instance_id: int | None = None) -> list[KeptShape]:
        """What people made of one shape, or of any, that somebody else had in hands or changed at
        the same time, and between which nobody has chosen yet; the oldest first."""
        return alternatives.open_ones(self._reading, instance_id)

    def shape_kept(self, kept: KeptShape) -> Shape:
        """Of the L landmarks; those never placed are unknown."""
        return shape_of(kept.stored.landmarks, self.stored_scheme)

    def choose_kept(self, kept_id: int, *, who: str, seen: int | None = None) -> Entry:
        """It takes the place of the shape, as one step for undo.

        Raises NotAllowed where `who` is no reviewer, Conflict where the shape has changed since
        the revision `seen`, ProjectError where somebody has chosen already.
        """
        with self._writing() as connection:
            return choosing.take(connection, kept_id, who=who, seen=seen)

    def drop_kept(self, kept_id: int, *, who: str) -> None:
        """The shape stays as it is. Raises as `choose_kept` does."""
        with self._writing() as connection:
            choosing.leave(connection, kept_id, who=who)
