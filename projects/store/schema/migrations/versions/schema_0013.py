"""People with roles, who has which image in hands, how images are handed out, and what two people
made of one shape at the same time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
        sa.CheckConstraint(
            "role IN ('annotator', 'reviewer', 'lead')", name=op.f("ck_people_role")
        ),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("lease_seconds", sa.Double(), nullable=False),
        sa.Column("twice", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_table(
        "leases",
        sa.Column("image_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("image_id", name="pk_leases"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name="fk_leases_image_id"),
    )
    op.create_table(
        "alternatives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alternatives"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name="fk_alternatives_instance_id"
        ),
    )
    op.create_index("ix_alternatives_instance_id_id", "alternatives", ["instance_id", "id"])
