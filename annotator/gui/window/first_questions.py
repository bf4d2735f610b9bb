"""What pages ask the store when they are first shown, asked beside the window before.

SQLAlchemy writes the text of a question once in a process, whatever thread asks: of the review's
two dozen that takes longer than all of the answers.
"""

from contextlib import suppress
from pathlib import Path

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import NoProject

_MANY = 1_000
"""Instances of a project from which on the review asks in a thread by itself."""


def ask_first_questions(folder: Path, who: str) -> None:
    """In any thread. Of a database on a server they are only asked where they are needed; of a
    project that was moved or deleted meanwhile, by whoever says so."""
    # Loaded where it runs: the window begins without them.
    from landmark_annotator.annotator.session.labelling.deck import SUREST, Deck
    from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
    from landmark_annotator.annotator.session.review.certification import Certification
    from landmark_annotator.annotator.session.review.open_issues import remarks
    from landmark_annotator.annotator.session.review.review_queue import review_queue
    from landmark_annotator.annotator.session.review.review_session import reviewed
    from landmark_annotator.projects.budgets.working_time import ProjectTime, WorkingTime

    with suppress(NoProject), Project.open(folder, read_only=True) as project:
        first = project.first()
        if project.shared or first is None:
            return
        time = WorkingTime()
        if project.newest() <= _MANY:
            review_queue(project, 1)
            time = ProjectTime(project).time
        reviewed(project, first.id, time)
        project.image(first.image_id)
        for checked in (Certification(project, who=who), AcceptanceRule(project, who=who)):
            _ = checked.progress
        deck = Deck(project, 1, SUREST, who)
        _ = deck.current, deck.counts
        remarks(project, [first.id])
