"""Reads the embedded set of rendered heads (see `heads/README.md`)."""
