"""What a year of work is trusted to: restoring a project, and checking what is stored of it."""
