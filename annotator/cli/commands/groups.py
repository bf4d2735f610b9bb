"""annotator groups: which images are related, so that no split parts them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, counted

if TYPE_CHECKING:
    from landmark_annotator.projects.store import GroupRule, Project

_SHOWN = 5


def groups(
    project: ProjectFolder,
    regex: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help=r"Images are related whose path agrees in it, such as '(person_\d+)_'.",
        ),
    ] = None,
    folders: Annotated[bool, typer.Option("--folders", help="Images of a folder are.")] = False,
    none: Annotated[bool, typer.Option("--none", help="No two images are related.")] = False,
    by_hand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A table without a head, a line an image: name, group."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="By what names and pictures show; the default.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show or say which images are related: views of one person, frames of one video.

    Related images are on one side of every split: of a training, a fill, a simulation, a plan and
    an export. Else errors on held-out images are smaller than on new ones.

    Example: annotator groups faces --folders
    """
    from dataclasses import asdict

    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.setup.related_images import (
        fitting_pattern,
        related_images,
    )
    from landmark_annotator.projects.store import GroupRule, GroupsBy

    given = [regex is not None, folders, none, by_hand is not None, evidence]
    if sum(given) > 1:
        raise typer.BadParameter(
            "--regex, --folders, --none, --by-hand and --evidence each say which images are "
            "related: give one of them.",
            param_hint="--regex",
        )
    with open_to_write(project) if any(given) else open_to_read(project) as opened:
        if any(given):
            rule = GroupRule(GroupsBy.EVIDENCE)
            if regex is not None:
                rule = fitting_pattern(opened, regex)
            elif folders:
                rule = GroupRule(GroupsBy.FOLDERS)
            elif none:
                rule = GroupRule(GroupsBy.NOTHING)
            elif by_hand is not None:
                rule = _told(opened, by_hand)
            opened.set_group_rule(rule, who=who())
        seen = related_images(opened)
    kept, found = seen.rule, seen.grouping
    facts = {
        "rule": kept.by.value,
        "pattern": kept.pattern,
        "said_by": kept.who or None,
        "images": len(found.leaders),
        "groups": len(found.sizes),
        "sizes": found.sizes,
        "findings": [asdict(finding) for finding in found.findings],
        "related": seen.several,
        "not_compared": found.unseen,
    }
    lines = [found.sentence]
    lines += [
        f"    {counted(f.groups, 'group')} with {counted(f.images, 'image')} by {f.why}"
        for f in found.findings
    ]
    for group in seen.names[:_SHOWN]:
        names = ", ".join(group[:_SHOWN])
        lines.append(f"    {len(group):,}: {names}{', ...' if len(group) > _SHOWN else ''}")
    answer(facts, "\n".join(lines), as_json=as_json)


def _told(project: "Project", file: Path) -> "GroupRule":
    """Raises ActionableError where a line is no image and its group."""
    import csv
    from itertools import chain

    from landmark_annotator.annotator.session.review.named_images import NamedImages
    from landmark_annotator.projects.exchange.codecs.csv_columns import delimiter_of
    from landmark_annotator.projects.store import GroupRule, GroupsBy
    from landmark_annotator.projects.vocabulary import ActionableError

    images = NamedImages(project, excluded=True)
    names: dict[int, str] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            first = next(lines, "")
            rows = csv.reader(chain([first], lines), delimiter=delimiter_of(first))
            for number, row in enumerate(rows, 1):
                if not row:
                    continue
                if len(row) != 2:
                    raise ActionableError(
                        f"Line {number} of {file} is not the name of an image and its group.",
                        kept="Nothing was changed.",
                        remedy="Write a line an image, such as: img_0012.jpg,person 3",
                    )
                image, group = images.image(row[0].strip()).id, row[1].strip()
                if names.setdefault(image, group) != group:
                    raise ActionableError(
                        f"Line {number} of {file} says {group} of {row[0].strip()}, and an earlier "
                        f"one {names[image]}.",
                        kept="Nothing was changed.",
                        remedy="Give each image one group.",
                    )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ActionableError(
            f"{file} cannot be read as text.",
            kept="Nothing was changed.",
            remedy="Give a table with an image and its group on each line.",
        ) from error
    return GroupRule(GroupsBy.NAMES, names=names)
