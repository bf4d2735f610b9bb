"""Tracks: objects of a video by name, and which of them an instance is in a frame."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "tracks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tracks"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_tracks_video_id"),
    )
    op.execute(
        "ALTER TABLE instances ADD COLUMN track_id INTEGER "
        "CONSTRAINT fk_instances_track_id REFERENCES tracks (id)"
    )
    op.create_index("ix_instances_track_id", "instances", ["track_id"])
