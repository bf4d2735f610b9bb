"""The newest schema as statements, by which SQLite has it at once.

All the migrations that lead there take a fifth of a second, and Alembic as much again to import.
"""

from pathlib import Path

from sqlalchemy import Connection

from landmark_annotator.projects.store.schema import revisions

STATEMENTS = Path(__file__).with_suffix(".sql")
"""What the migrations make of an empty database, written by
tests/unit/projects/store/schema/newest_statements.py after a migration was added."""
END = ";\n\n"
VERSION = "INSERT INTO alembic_version VALUES ('{}')"


def make_newest(connection: Connection) -> None:
    """In an empty database, inside the caller's transaction."""
    statements = STATEMENTS.read_text().split(END)
    known = VERSION.format(revisions.revisions()[-1]) in statements
    if connection.dialect.name != "sqlite" or not known:
        revisions.run_migrations(connection)
        return
    for statement in filter(None, statements):
        connection.exec_driver_sql(statement)
