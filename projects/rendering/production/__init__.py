"""Portraits, sequences, their truth, batches of them, and the embedded set."""
