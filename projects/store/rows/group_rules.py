"""What somebody has said of which images are related."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.postgres import holds_rows
from landmark_annotator.projects.store.schema.tables import GroupRuleTable


class GroupsBy(StrEnum):
    """How images are grouped."""

    EVIDENCE = "evidence"
    """By what is found in names and pictures: as long as nobody has said anything else."""
    NOTHING = "nothing"
    """They are not related."""
    FOLDERS = "folders"
    """Those of one folder are."""
    PATTERN = "pattern"
    """Those whose path has the same part where a regular expression looks."""
    NAMES = "names"
    """Those to which somebody gave the same name."""


@dataclass(frozen=True)
class GroupRule:
    """pattern: a regular expression; its first group, or all that it finds in an image's path, is
    the key of the image's group. names: of groups by the id of the image; images without one are
    on their own."""

    by: GroupsBy = GroupsBy.EVIDENCE
    pattern: str | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    who: str = ""
    at: datetime | None = None


def store_group_rule(connection: Connection, rule: GroupRule, who: str) -> GroupRule:
    """In the place of the earlier one, which stays in the table."""
    connection.execute(
        insert(GroupRuleTable).values(
            at=clock.now(connection),
            who=who,
            kind=rule.by.value,
            pattern=rule.pattern,
            names=json.dumps({str(i): name for i, name in rule.names.items()}),
        )
    )
    return current_group_rule(connection)


def forget_image(connection: Connection, image_id: int) -> None:
    """Of one that is removed: a file, unlike a server, gives its id to one that comes later."""
    rule = current_group_rule(connection)
    if image_id not in rule.names or holds_rows(connection):
        return
    names = {str(i): name for i, name in rule.names.items() if i != image_id}
    newest = select(func.max(GroupRuleTable.id)).scalar_subquery()
    about = update(GroupRuleTable).where(GroupRuleTable.id == newest)
    connection.execute(about.values(names=json.dumps(names)))


def current_group_rule(connection: Connection) -> GroupRule:
    """The last one; by evidence where there was never one."""
    table = GroupRuleTable
    newest = connection.execute(
        select(*table.__table__.columns).order_by(table.id.desc()).limit(1)
    ).first()
    if newest is None:
        return GroupRule()
    names = {int(i): name for i, name in json.loads(newest.names or "{}").items()}
    return GroupRule(GroupsBy(newest.kind), newest.pattern, names, newest.who, newest.at)
