"""Flags, and what reviewers said: at most one of each an instance; the journal has the others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", name="pk_flags"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_flags_instance_id"),
    )
    op.create_table(
        "reviews",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_reviews_instance_id"),
        sa.CheckConstraint("verdict IN ('accepted', 'sent back')", name=op.f("ck_reviews_verdict")),
    )
