"""Many changes in one transaction."""

import kites

from projects.store import InstanceRecord, Project


def test_the_scheme_is_looked_at_once_however_many_changes_there_are(
    project: Project, kite: InstanceRecord
) -> None:
    statements: list[str] = []
    driver = project._database.connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(statements.append)
    with project.transaction():
        for x in range(10):
            project.place(kite.id, kites.TOP, (x, 2), who="ada")
    assert sum("FROM project" in statement for statement in statements) == 1
