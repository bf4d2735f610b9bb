"""Heads drawn from a seed, in milliseconds and any number."""
