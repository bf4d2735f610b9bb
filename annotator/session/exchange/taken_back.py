"""A wrong import of labels is taken back, by every front end."""

from landmark_annotator.projects.store import Project, Role, TakenBack
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.wording import counted


def take_back_import(
    project: Project, number: int, *, who: str, progress: Progress = SILENT
) -> TakenBack:
    """See `Project.take_back_import`; after a backup. Raises DiskFull as well."""
    project.refuse_below(who, Role.LEAD, ActionKind.TAKE_BACK)
    project.back_up_before("take-back")
    return project.take_back_import(number, who=who, progress=progress)


def taken_back_text(done: TakenBack) -> str:
    """For people."""
    if not done.taken and not done.stays:
        return "Nothing was taken back: nothing of it is there any more."
    of = counted(done.taken, "object")
    said = (
        f"Taken back: what the import brought to {of}." if done.taken else "Nothing was taken back."
    )
    if done.stays:
        stay = "it stays as it is" if done.stays == 1 else "they stay as they are"
        objects = counted(done.stays, "object")
        said += f" {objects} of it {'was' if done.stays == 1 else 'were'} changed since: {stay}."
    return said
