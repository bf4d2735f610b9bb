"""What a new project's database holds: its tables, its scheme, itself."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from landmark_annotator.projects.store.rows.stored_scheme import FIRST
from landmark_annotator.projects.store.schema.newest import make_newest
from landmark_annotator.projects.store.schema.tables import ProjectTable, SchemeTable
from landmark_annotator.projects.vocabulary import Scheme


def fill_new(connection: Connection, scheme: Scheme, name: str) -> None:
    """Inside the caller's transaction."""
    make_newest(connection)
    content = json.dumps(scheme.to_dict(), ensure_ascii=False)
    # The ids are given by the database, which would give them again otherwise.
    first = {"name": scheme.name, "version": scheme.version, "json": content}
    connection.execute(insert(SchemeTable).values(**first))
    project = {"name": name, "created": datetime.now(UTC), "scheme_id": FIRST}
    connection.execute(insert(ProjectTable).values(**project))
