"""Many changes in one transaction."""

import kites

from landmark_annotator.projects.store import InstanceRecord, Project, read_at_once


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


def test_what_is_read_at_once_is_of_one_state_whatever_others_do(
    project: Project, kite: InstanceRecord
) -> None:
    @read_at_once
    def left_out_meanwhile(project: Project) -> tuple[int, int]:
        before = len(project.images())
        with Project.open(project.folder) as theirs:
            theirs.exclude(images=[kite.image_id], why="blurred", who="ben")
        return before, len(project.images())

    before, after = left_out_meanwhile(project)
    assert before == after
    assert len(project.images()) == before - 1
