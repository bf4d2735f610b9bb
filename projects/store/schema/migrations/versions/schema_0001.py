"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("json", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scheme"),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name="fk_project_scheme_id"),
    )
    op.create_table(
        "videos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("frame_rate", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
        sa.UniqueConstraint("sha256", name="uq_videos_sha256"),
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=True),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_images_video_id"),
        sa.UniqueConstraint("sha256", name="uq_images_sha256"),
        sa.UniqueConstraint("video_id", "frame", name="uq_images_video_id_frame"),
        sa.CheckConstraint(
            "(video_id IS NULL) = (frame IS NULL)", name=op.f("ck_images_frame_of_video")
        ),
    )
    op.create_index("ix_images_position_id", "images", ["position", "id"])
    op.create_table(
        "instances",
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
    op.create_index("ix_instances_image_id_id", "instances", ["image_id", "id"])
    op.create_table(
        "landmarks",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("landmark", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=True),
        sa.Column("xx", sa.Double(), nullable=True),
        sa.Column("xy", sa.Double(), nullable=True),
        sa.Column("yy", sa.Double(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "landmark", name="pk_landmarks"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_landmarks_instance_id"),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name=op.f("ck_landmarks_whole_position")),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name=op.f("ck_landmarks_visibility")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "proposals",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.Column("covariances", sa.LargeBinary(), nullable=False),
        sa.Column("predicted_error", sa.Double(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_proposals"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_proposals_instance_id"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("landmark", sa.Integer(), nullable=True),
        sa.Column("from_x", sa.Double(), nullable=True),
        sa.Column("from_y", sa.Double(), nullable=True),
        sa.Column("to_x", sa.Double(), nullable=True),
        sa.Column("to_y", sa.Double(), nullable=True),
        sa.Column("proposed_x", sa.Double(), nullable=True),
        sa.Column("proposed_y", sa.Double(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_journal_instance_id"),
        sa.ForeignKeyConstraint(["target"], ["journal.id"], name="fk_journal_target"),
    )
    op.create_index("ix_journal_who_id", "journal", ["who", "id"])
    op.create_index("ix_journal_instance_id_id", "journal", ["instance_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_a_server()
        return
    # INSERT OR REPLACE takes a row away without a DELETE that a trigger could see.
    for name, event in (
        ("update", "UPDATE ON journal"),
        ("delete", "DELETE ON journal"),
        ("replace", "INSERT ON journal WHEN NEW.id IN (SELECT id FROM journal)"),
    ):
        op.execute(
            f"CREATE TRIGGER journal_refuses_{name} BEFORE {event} "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


def _refuse_on_a_server() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_journal() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal()"
    )
