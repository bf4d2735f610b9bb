"""What a pixel measures, of all images and of single ones."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "pixel_sizes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("mm_per_pixel", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pixel_sizes"),
    )
