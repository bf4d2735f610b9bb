"""Alembic's migrations of a project's database; `revisions` runs them."""
