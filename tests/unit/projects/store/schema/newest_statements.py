"""Writes the newest schema as statements, for new projects.

Run after a migration was added, from the repository:

    PYTHONPATH=.root python tests/unit/projects/store/schema/newest_statements.py
"""

from sqlalchemy import create_engine

from landmark_annotator.projects.store.schema import newest, revisions


def by_migrations() -> str:
    """What makes the tables that the migrations make, and says which schema they are of."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        revisions.run_migrations(connection)
        run = connection.exec_driver_sql
        found = run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        made = [sql.strip() for sql in found.scalars()]
        version = run("SELECT version_num FROM alembic_version").scalar_one()
    engine.dispose()
    return newest.END.join([*made, newest.VERSION.format(version), ""])


if __name__ == "__main__":
    newest.STATEMENTS.write_text(by_migrations())
