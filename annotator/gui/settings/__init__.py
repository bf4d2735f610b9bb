"""The dialog of what the user sets: look, letters, keys."""
