"""The images that one window has in hands, where the project has people: nobody else is offered
them meanwhile."""

import time
from collections.abc import Collection
from contextlib import suppress

from landmark_annotator.projects.store import InstanceRecord, Lease, Project
from landmark_annotator.projects.vocabulary.errors import ActionableError

_MOMENT_S = 10.0
"""How long an image that was just taken need not be taken again, of the minutes that it is kept."""
AHEAD = 2
"""How many of the next instances are made ready."""


class ImagesInHands:
    """What cannot be taken, for whatever reason, can be looked at all the same."""

    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._images: set[int] = set()
        """That were taken and not given back."""
        self._people: bool | None = None
        """Whether the project has people, as it was when the next instance was asked for."""
        self._fresh: tuple[int, float] | None = None
        """The image of that, which is this person's since then (monotonic seconds)."""
        self._later: tuple[int, float, list[InstanceRecord]] | None = None
        """Which instance that is, since when (monotonic seconds), and what is offered after it."""

    def take(self, images: Collection[int]) -> list[Lease]:
        """These, and no others any more. Returns the leases of those that somebody else has."""
        project = self._project
        if project.read_only or not (images or self._images):
            return []
        found: list[Lease] = []
        # What follows is taken right after it was asked for; anything else is asked anew.
        people, self._people = self._people, None
        fresh, self._fresh = self._fresh, None
        with suppress(ActionableError):
            if people or self._images or (people is None and project.people()):
                gone = self._images.difference(images)
                if fresh is not None and set(images) == {fresh[0]} and _is_now(fresh[1]):
                    self._give_back(gone)
                else:
                    found = project.take_images(images, who=self._who, instead_of=gone)
                    self._images -= gone
        self._images |= {lease.image_id for lease in found if lease.who == self._who}
        return [lease for lease in found if lease.who != self._who]

    def next_after(self, instance_id: int | None) -> int | None:
        """The next instance that is offered, whose image is in hands from now on; its id."""
        project, self._later = self._project, None
        # Who has an image in hands is one of people.
        self._people = bool(self._images) or bool(project.people())
        if not self._people:
            following = project.waiting(instance_id, who=self._who)
            return following[0].id if following else None
        if not project.read_only:
            # Who is not among them, or cannot write, goes on looking.
            with suppress(ActionableError):
                found = project.take_next_of(instance_id, 1 + AHEAD, who=self._who)
                if not found:
                    return None
                first, *later = found
                self._images.add(first.image_id)
                self._fresh = first.image_id, time.monotonic()
                self._later = first.id, time.monotonic(), later
                return first.id
        return next((record.id for record in project.offered(self._who, instance_id)), None)

    def offered_after(self, instance_id: int) -> list[InstanceRecord]:
        """The next ones that are offered, which are made ready before anybody opens them. A server
        is not asked again where enough of them were found a moment ago, as with the next one."""
        if self._later is not None and self._project.shared:
            which, since, found = self._later
            if which == instance_id and len(found) == AHEAD and _is_now(since):
                return found
        found = self._project.offered(self._who, instance_id, AHEAD)
        self._later = instance_id, time.monotonic(), found
        return found

    def _give_back(self, images: Collection[int]) -> None:
        gone = set(images)
        if gone:
            self._project.give_back(gone, who=self._who)
            self._images -= gone


def _is_now(since: float) -> bool:
    return time.monotonic() - since < _MOMENT_S
