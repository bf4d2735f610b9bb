"""Which images of a project are related, by a rule that somebody has in mind: looked at before it
is said."""

from dataclasses import dataclass, replace
from pathlib import Path

from landmark_annotator.projects.exchange import Split
from landmark_annotator.projects.groups import SEEN_AT_ONCE, Grouping, grouped, project_groups
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import (
    GroupRule,
    GroupsBy,
    ImageRecord,
    Project,
    read_at_once,
)
from landmark_annotator.projects.vocabulary import Progress


@dataclass(frozen=True)
class RelatedImages:
    """rule: what would be said. several: the files of the images of each group of more than one,
    the largest first; names: what people call these images."""

    rule: GroupRule
    grouping: Grouping
    several: tuple[tuple[Path, ...], ...]
    names: tuple[tuple[str, ...], ...]


def by_pattern(pattern: str) -> GroupRule:
    """Raises ActionableError where it is no regular expression."""
    return GroupRule(GroupsBy.PATTERN, pattern=Split((50, 50), group=pattern).group or pattern)


def fitting_pattern(project: Project, pattern: str) -> GroupRule:
    """As `by_pattern`. Raises ActionableError, too, where the pattern fits none of the project's
    images."""
    Split((50, 50), group=pattern).check_fits(project.images(excluded=True))
    return by_pattern(pattern)


@read_at_once
def related_images(project: Project, rule: GroupRule | None = None) -> RelatedImages:
    """By the rule; None is the project's own. Looks at pictures, which is slow once. Raises
    ActionableError for a bad pattern."""
    asked = project.group_rule() if rule is None else rule
    grouping = project_groups(project, rule=asked)
    images = {image.id: image for image in project.images()}
    members: dict[int, list[ImageRecord]] = {}
    for image, leader in grouping.leaders.items():
        members.setdefault(leader, []).append(images[image])
    several = sorted((m for m in members.values() if len(m) > 1), key=len, reverse=True)
    paths = tuple(tuple(image.path for image in group) for group in several)
    names = tuple(tuple(map(image_name, group)) for group in several)
    return RelatedImages(asked, grouping, paths, names)


def preview_related(folder: Path, rule: GroupRule, progress: Progress) -> RelatedImages:
    """As `related_images`, of the project in the folder."""
    progress.start("looking at images", None)
    with Project.open(folder, read_only=True) as project:
        return related_images(project, rule)


def found_by_itself(folder: Path) -> str:
    """How the images of a project are related, as far as is seen in seconds and as long as nobody
    has said; empty where that is not known."""
    with Project.open(folder, read_only=True) as project:
        images, rule = project.images(), project.group_rule()
        stills = [image for image in images if image.video_id is None]
        few = len(stills) <= SEEN_AT_ONCE  # of frames of a video no picture is looked at
        # Without pictures nothing is looked for among any.
        found = (
            project_groups(project)
            if few
            else replace(grouped(images, rule, lambda _: {}), unseen=0)
        )
        # Where names do not tie them, what they show may: that its frames are tied says nothing.
        known = few or grouped(stills, rule, lambda _: {}).related
    return found.sentence if not found.said and known else ""
