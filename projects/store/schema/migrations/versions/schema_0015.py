"""Masks of regions: those that people drew or accepted, and those that a model proposes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("ALTER TABLE scheme ADD COLUMN region_numbers VARCHAR")
    op.create_table(
        "masks",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("runs", sa.LargeBinary(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "region", name="pk_masks"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_masks_instance_id"),
    )
    op.create_table(
        "mask_proposals",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("runs", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "region", name="pk_mask_proposals"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name="fk_mask_proposals_instance_id"
        ),
    )
