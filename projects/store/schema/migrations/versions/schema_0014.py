"""Lists of a million instances are read off an index: of what there is, of what waits, and of what
the model is unsure of."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_PLACE = ("position", "image_id", "id")


def upgrade() -> None:
    op.execute("ALTER TABLE instances ADD COLUMN position INTEGER DEFAULT 0 NOT NULL")
    op.execute(
        "UPDATE instances SET position = "
        "(SELECT images.position FROM images WHERE images.id = instances.image_id)"
    )
    op.create_index("ix_instances_listed", "instances", [*_PLACE, "state", "excluded_why"])
    _create_partial_index(
        "ix_instances_waiting",
        "instances",
        [*_PLACE, "width", "predicted_error"],
        "state <> 'accepted' AND excluded_why IS NULL",
    )
    _create_partial_index(
        "ix_instances_unsure",
        "instances",
        ["predicted_error", *_PLACE],
        "predicted_error IS NOT NULL AND state <> 'accepted' AND excluded_why IS NULL",
    )
    _create_partial_index("ix_images_excluded", "images", ["id"], "excluded_why IS NOT NULL")


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
