"""When a project has so many new labels that its models should learn from them."""

_PRIOR_GROWTH = 0.1
_TRAINING_GROWTH = 0.5
FEWEST_TO_TRAIN = 12
"""Labels from which on a network can beat the prior: on faces after a dozen."""


def prior_due(labels: int, learned_from: int) -> bool:
    """Whether to fit the prior again, which takes seconds: at first after each label."""
    return labels - learned_from >= max(1.0, _PRIOR_GROWTH * learned_from)


def training_due(labels: int, learned_from: int) -> bool:
    """Whether to train a network again, in the background: from a dozen labels on, and whenever
    they have grown by half."""
    return labels >= max(FEWEST_TO_TRAIN, (1 + _TRAINING_GROWTH) * learned_from)
