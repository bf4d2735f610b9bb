"""Alembic runs this. The caller hands over a connection with a transaction already begun."""

from alembic import context

from landmark_annotator.projects.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
