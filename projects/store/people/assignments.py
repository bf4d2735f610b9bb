"""How the images are handed out to the people of a project, as a lead has said."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.schema.people_tables import AssignmentTable
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.wording import rounded

_LONGEST_S = 366 * 24 * 3600.0
"""Above some thousand years no calendar has a day for its end, and nothing could be stored."""


@dataclass(frozen=True)
class Assignment:
    """lease_seconds: how long an image stays with a person after the last gesture there. twice:
    the share of the images, from 0 to 1, that two people label without seeing each other's labels;
    seed: draws them."""

    lease_seconds: float = 600.0
    twice: float = 0.0
    seed: int = 0

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=min(self.lease_seconds, _LONGEST_S))


def current_assignment(connection: Connection) -> Assignment:
    """What was said last."""
    table = AssignmentTable
    query = select(table.lease_seconds, table.twice, table.seed).order_by(table.id.desc())
    row = connection.execute(query.limit(1)).first()
    return Assignment() if row is None else Assignment(row.lease_seconds, row.twice, row.seed)


def store_assignment(connection: Connection, said: Assignment, who: str) -> None:
    """In the place of the earlier one, which stays in the table."""
    if not 0 < said.lease_seconds <= _LONGEST_S:
        raise ProjectError(
            f"An image cannot stay with somebody for {rounded(said.lease_seconds / 60)} minutes.",
            kept="The images are handed out as before.",
            remedy=f"Give minutes above zero, {_LONGEST_S / 60:,.0f} at most.",
        )
    if not 0 <= said.twice <= 1:
        raise ProjectError(
            f"{100 * said.twice:g} % of the images is no share of them.",
            kept="The images are handed out as before.",
            remedy="Give a share from 0 to 100 %.",
        )
    values = {"lease_seconds": said.lease_seconds, "twice": said.twice, "seed": said.seed}
    connection.execute(insert(AssignmentTable).values(at=clock.now(connection), who=who, **values))
