"""Rows to values and back. No action and no journal."""
