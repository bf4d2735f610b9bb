"""Alembic's migrations of a project's database; `migrating` runs them."""
