"""What a click does to the landmarks that were not clicked: the rules, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from landmark_annotator.backends.shapes.conditioning import condition, condition_hard
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.evidence import Evidence

HARD_RADIUS = 0.05
"""The paper's rule keeps the classes within this distance of a click, in sides of the box."""


@dataclass(frozen=True)
class Rule:
    """given: the mixture after the evidence, both in one frame. turns_boxes: whether the evidence
    also says by which angle the box is turned, where that is open (`Proposal.turns`): a rule by
    which no other landmark moves must not turn them either."""

    name: str
    given: Callable[[ShapeMixture, Sequence[Evidence]], ShapeMixture]
    turns_boxes: bool = False


def _unmoved(mixture: ShapeMixture, evidence: Sequence[Evidence]) -> ShapeMixture:
    return mixture


MANUAL = Rule("manual", _unmoved)
"""What every other tool does: the clicked point moves and nothing else."""

HARD = Rule("hard", partial(condition_hard, radius=HARD_RADIUS))
"""The paper's: classes far from a click are left out."""

MIXTURE = Rule("mixture", condition, turns_boxes=True)
"""Ours: all landmarks are conditioned on where the clicks are."""

RULES = {rule.name: rule for rule in (MANUAL, HARD, MIXTURE)}


def rule_named(name: str) -> Rule:
    """Raises ActionableError with the closest known name."""
    if name not in RULES:
        raise ActionableError(
            f'There is no rule "{name}".{closest(name, RULES)}',
            remedy=f"Known rules: {', '.join(RULES)}.",
        )
    return RULES[name]
