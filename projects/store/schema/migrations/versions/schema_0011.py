"""An instance keeps a proposal of everybody who made one: the program's own, and beside it those
that somebody has brought, each under its name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OWN = ("prior", "registration", "exemplar", "heatmap", "weak")
"""What the program's own models were called until then; whose another name was, nobody knows."""


def upgrade() -> None:
    op.rename_table("proposals", "former_proposals")
    if op.get_bind().dialect.name == "postgresql":  # where the names of keys are the schema's
        op.execute("ALTER INDEX pk_proposals RENAME TO pk_former_proposals")
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.Column("covariances", sa.LargeBinary(), nullable=False),
        sa.Column("predicted_error", sa.Double(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("imported_from", sa.String(), nullable=True),
        sa.Column("scheme_id", sa.Integer(), nullable=True),
        sa.Column("maker", sa.String(), nullable=True),
        sa.Column("made", sa.String(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=True),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_proposals_instance_id"),
        sa.CheckConstraint(
            "(model IS NULL) <> (imported_from IS NULL)", name=op.f("ck_proposals_one_origin")
        ),
    )
    op.create_index("ix_proposals_instance_id_id", "proposals", ["instance_id", "id"])
    _take_over(op.get_bind())
    op.drop_table("former_proposals")


def _take_over(connection: sa.Connection) -> None:
    table, former = (
        sa.Table(name, sa.MetaData(), autoload_with=connection)
        for name in ("proposals", "former_proposals")
    )
    own = sa.or_(former.c.maker.is_not(None), former.c.model.in_(_OWN))
    own = sa.func.coalesce(own, sa.false())
    kept = sa.select(*former.c, own, sa.false())
    names = [*former.c.keys(), "own", "aside"]
    connection.execute(sa.insert(table).from_select(names, kept))
