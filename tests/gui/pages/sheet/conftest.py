"""What tests of the sheet share."""

import pytest


@pytest.fixture(autouse=True)
def _blind_priors(blind_priors: None) -> None:
    """In every test here."""
