"""annotator check: whether a project is whole."""

import shlex
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, note


def check(
    project: ProjectFolder,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; what was there is kept.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for damage: in the database, between labels and journal, in the image files.

    Example: annotator check faces
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.reports.changed_images import changed_images
    from landmark_annotator.projects.store.engine.place import warning
    from landmark_annotator.projects.store.safety.checking import Part
    from landmark_annotator.projects.store.safety.checking import check as found_in
    from landmark_annotator.projects.store.safety.checking import repair as mended
    from landmark_annotator.projects.vocabulary.errors import OlderProject
    from landmark_annotator.projects.vocabulary.wording import counted

    try:
        findings = found_in(project)
    except OlderProject:  # of which the pages are sound
        open_to_read(project).close()
        findings = found_in(project)
    kept = None
    if repair and findings:
        kept = mended(project, findings)
        findings = found_in(project)
    images = []
    if all(finding.part is not Part.PAGES for finding in findings):
        with open_to_read(project) as opened, ProgressBar() as progress:
            images = changed_images(opened, progress)
    facts = {
        "sound": not findings and not images,
        "findings": [{"part": f.part.value, "what": f.what} for f in findings],
        "images": [{"path": image.path, "what": image.what} for image in images],
        "kept": kept,
    }
    lines = [f"{finding.part.value}: {finding.what}" for finding in findings]
    lines += [f"{image.path}: {image.what}" for image in images]
    answer(facts, "\n".join(lines) or "All is as it should be.", as_json=as_json)
    if place := warning(project):
        note(place)
    if kept is not None:
        note(f"Mended. The database as it was is in {kept}.")
    named = shlex.quote(str(project))
    if any(finding.repairable for finding in findings):
        note(f"Some of it can be mended: annotator check {named} --repair")
    if any(not finding.repairable for finding in findings):
        note(f"Not from the project itself; from a backup: annotator restore {named}")
    away = sum(image.away for image in images)
    if away:
        note(
            f"{counted(away, 'image lies', 'images lie')} where nothing answers now, which says "
            "nothing of their content. Check again when it can be reached: annotator sources "
            f"{named} says what is confirmed."
        )
    if len(images) > away:
        note(
            f"Say where the image files are now: annotator locate {named} FOLDER. Or put them "
            "back as they were, or exclude them: annotator exclude."
        )
    if findings or images:
        raise typer.Exit(ExitCode.UNUSABLE)
