"""How many shapes of a batch a person must check, and what is then certain of the rest."""

from landmark_annotator.projects.certificates.bounds import Demand, chance_of_at_most
from landmark_annotator.projects.certificates.fingerprint import fingerprint
from landmark_annotator.projects.certificates.standing import (
    Standing,
    checked_proposals,
    project_standing,
)

__all__ = [
    "Demand",
    "Standing",
    "chance_of_at_most",
    "checked_proposals",
    "fingerprint",
    "project_standing",
]
