"""annotator compact: less room on the disk."""

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer


def compact(project: ProjectFolder, as_json: AsJson = False) -> None:
    """Give back the room in a project's database that nothing uses any more.

    Example: annotator compact faces
    """
    from landmark_annotator.projects.store.safety.checking import compact as compacted

    before, after = compacted(project)
    facts = {"bytes_before": before, "bytes": after}
    answer(facts, f"{before:,} B before, {after:,} B now.", as_json=as_json)
