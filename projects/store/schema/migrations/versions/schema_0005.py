"""Schemes that change: the numbers under which a scheme's landmarks are stored, and the scheme that
a proposal is of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # NULL: 0 to L - 1, as for every scheme until now.
    op.add_column("scheme", sa.Column("numbers", sa.String(), nullable=True))
    # NULL: of the project's first scheme.
    op.add_column("proposals", sa.Column("scheme_id", sa.Integer(), nullable=True))
