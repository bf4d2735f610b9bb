"""What was excluded: images and instances, with who did it, when and why; NULL where they count.
And the image that an entry of the journal is about, where it is about no instance."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for table in ("images", "instances"):
        op.add_column(table, sa.Column("excluded_why", sa.String(), nullable=True))
        op.add_column(table, sa.Column("excluded_by", sa.String(), nullable=True))
        op.add_column(table, sa.Column("excluded_at", sa.DateTime(), nullable=True))
    # In words: a copy of the table, as other changes make it, would lose the journal's triggers.
    op.execute(
        "ALTER TABLE journal ADD COLUMN image_id INTEGER "
        "CONSTRAINT fk_journal_image_id REFERENCES images (id)"
    )
