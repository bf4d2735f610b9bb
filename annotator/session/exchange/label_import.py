"""Labels and predictions into a project, by what the program knows of objects: the import of every
front end."""

from functools import partial
from pathlib import Path

from landmark_annotator.annotator.session.models.typical_shapes import typical_shapes
from landmark_annotator.projects import exchange
from landmark_annotator.projects.exchange import ImportReport, Mapping, ProposalReport
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.arguments import told


@told
def import_labels(
    project: Project,
    source: Path | str,
    *,
    who: str,
    format: str | None = None,
    images: Path | str | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
    dry_run: bool = False,
    mapping: Mapping | Path | str | None = None,
    whole_images: bool = False,
    columns: str | None = None,
    by: str | None = None,
) -> ImportReport:
    """As `landmark_annotator.projects.exchange.import_labels`, which says what the parameters are,
    with the shapes of the prior that comes with the program for the project's landmarks: five
    points of a face get the box of the face."""
    return exchange.import_labels(
        project,
        source,
        who=who,
        format=format,
        images=images,
        annotator=annotator,
        progress=progress,
        dry_run=dry_run,
        mapping=mapping,
        whole_images=whole_images,
        columns=columns,
        by=by,
        typical=partial(typical_shapes, project.scheme),
    )


@told
def import_proposals(
    project: Project,
    source: Path | str,
    *,
    who: str,
    format: str | None = None,
    images: Path | str | None = None,
    mapping: Mapping | Path | str | None = None,
    progress: Progress = SILENT,
) -> ProposalReport:
    """As `landmark_annotator.projects.exchange.import_proposals`, with the shapes that the program
    knows of itself as in `import_labels`."""
    return exchange.import_proposals(
        project,
        source,
        who=who,
        format=format,
        images=images,
        mapping=mapping,
        progress=progress,
        typical=partial(typical_shapes, project.scheme),
    )
