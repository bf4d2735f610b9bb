"""What stood in texts gets columns: which instance one is a second opinion on, and which file a
proposal was imported from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OPINION = "second opinion on "
_FILE = "imported from "
_ABOUT = "second_opinion_on"


def upgrade() -> None:
    with op.batch_alter_table("instances", copy_from=_instances()) as instances:
        instances.add_column(sa.Column(_ABOUT, sa.Integer(), nullable=True))
        instances.create_foreign_key(
            op.f("fk_instances_second_opinion_on"), "instances", [_ABOUT], ["id"]
        )
        instances.create_unique_constraint(op.f("uq_instances_second_opinion_on"), [_ABOUT])
    with op.batch_alter_table("proposals") as proposals:
        proposals.add_column(sa.Column("imported_from", sa.String(), nullable=True))
        proposals.alter_column("model", existing_type=sa.String(), nullable=True)
        proposals.create_check_constraint(
            op.f("ck_proposals_one_origin"), "(model IS NULL) <> (imported_from IS NULL)"
        )
    _fill_second_opinions(op.get_bind())
    _fill_files(op.get_bind())


def _instances() -> sa.Table:
    """The table of schema 0001. Written out, for what is read back from a database, such as the
    checks, depends on the version of the library that reads it."""
    table = sa.Table(
        "instances",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("centre_x", sa.Double(), nullable=True),
        sa.Column("centre_y", sa.Double(), nullable=True),
        sa.Column("width", sa.Double(), nullable=True),
        sa.Column("height", sa.Double(), nullable=True),
        sa.Column("angle", sa.Double(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("predicted_error", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_instances"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name="fk_instances_image_id"),
        sa.UniqueConstraint("image_id", "source", name="uq_instances_image_id_source"),
        sa.CheckConstraint(
            "state IN ('untouched', 'started', 'accepted')", name=op.f("ck_instances_state")
        ),
    )
    sa.Index("ix_instances_image_id_id", table.c.image_id, table.c.id)
    return table


def _fill_second_opinions(connection: sa.Connection) -> None:
    table = sa.table("instances", *map(sa.column, ("id", "image_id", "source", _ABOUT)))
    rows = connection.execute(sa.select(table.c.id, table.c.image_id, table.c.source)).all()
    known = {(row.image_id, f"{_OPINION}{row.id}"): row.id for row in rows}
    for row in rows:
        # A label file may have brought such a text from elsewhere: it is about no instance here.
        about = known.get((row.image_id, row.source))
        if about not in (None, row.id):
            filled = sa.update(table).where(table.c.id == row.id)
            connection.execute(filled.values({_ABOUT: about, "source": None}))


def _fill_files(connection: sa.Connection) -> None:
    table = sa.table("proposals", *map(sa.column, ("model", "imported_from")))
    file = sa.func.substr(table.c.model, len(_FILE) + 1)
    imported = sa.func.substr(table.c.model, 1, len(_FILE)) == _FILE
    connection.execute(sa.update(table).where(imported).values(imported_from=file, model=None))
