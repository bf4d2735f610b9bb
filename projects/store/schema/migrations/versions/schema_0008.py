"""Which model made a proposal, and what its own points and covariances were before the project's
labels had their say: what accepted shapes are compared with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("proposals", sa.Column("maker", sa.String(), nullable=True))
    op.add_column("proposals", sa.Column("made", sa.String(), nullable=True))
