"""What a person is told of objects for which a model knows nothing that helps."""

from landmark_annotator.projects.vocabulary.wording import counted


def novelty_sentence(unfamiliar: int, among: int) -> str:
    """Of so many objects among those that were proposed for."""
    return (
        f"The model has never seen the like of {counted(unfamiliar, 'object')} among {among:,}: "
        "boxes are far off, or the images are of another kind than it has learned from. What it "
        "says there is a guess; label a few, and train."
    )


def unknown_sentence(count: int) -> str:
    """Of second opinions that nothing is proposed for."""
    return (
        f"For {counted(count, 'second opinion')} nothing proposes that has not learned from the "
        "first one: they begin without a proposal."
    )
