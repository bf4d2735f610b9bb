"""What tests of sessions, protocols and the command line share."""

import pytest


@pytest.fixture(autouse=True)
def _known_priors(known_priors: None) -> None:
    """In every test here."""
