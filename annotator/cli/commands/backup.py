"""annotator backup: a copy of a project's labels, checked, beside them."""

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns


def backup(project: ProjectFolder, as_json: AsJson = False) -> None:
    """Copy a project's labels and clicks into its folder `backups`, while people work.

    One is made by itself every day that somebody works, and before imports, fills and migrations;
    older ones are kept by the day, the week and the month. Images and models are not copied.

    Example: annotator backup faces
    """
    from landmark_annotator.projects.store.engine.rotation import backups

    with open_to_read(project) as opened:
        made = opened.back_up_now("asked")
        there = backups(opened.folder)
    facts = {
        "backup": made.path,
        "bytes": made.size,
        "backups": [{"file": one.path, "at": one.at.isoformat()} for one in there],
    }
    rows = [(f"{one.at:%Y-%m-%d %H:%M} UTC", one.occasion, f"{one.size:,} B") for one in there]
    answer(facts, f"{made.path}\n{columns(rows)}", as_json=as_json)
