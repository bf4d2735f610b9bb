"""The trainings of a project: one in full, two compared."""
