"""Where a landmark's position came from."""

from enum import StrEnum


class Provenance(StrEnum):
    """Of one landmark. The text value is what the store and the exports write."""

    CLICKED = "clicked"
    """A person put it there."""
    CONFIRMED = "confirmed"
    """The model put it there and a person said of this very point that it is right."""
    TRACED = "traced"
    """A person said that its contour passes here: sure across it and free along it, as the
    covariance says that is stored with it."""
    INFERRED = "inferred"
    """The posterior put it there; a person accepted the shape as a whole."""
    FILLED = "filled"
    """The weakly supervised model put it there."""
    RULED = "accepted by rule"
    """A model put it there and a rule accepted the shape; no person has looked at it."""
    IMPORTED = "imported"
    """It came from a file."""

    @property
    def is_evidence(self) -> bool:
        """Whether a person vouched for this very point, or for the contour through it: what a
        posterior is conditioned on."""
        return self in EVIDENCE


EVIDENCE = frozenset({Provenance.CLICKED, Provenance.CONFIRMED, Provenance.TRACED})
"""A person vouched for the very point, or for the contour through it."""
PLACED = EVIDENCE | {Provenance.IMPORTED}
"""No model of this project put it there: what is learned from, and what no model may move."""
PINNED = PLACED - {Provenance.TRACED}
"""Of these the very place is known, and not only a contour through it: what hands and models are
compared with."""
MODELLED = frozenset({Provenance.INFERRED, Provenance.FILLED, Provenance.RULED})
"""A model put it there: it says nothing that the model does not know, and gives way."""
