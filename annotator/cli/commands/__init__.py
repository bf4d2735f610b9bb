"""One command a file: options in, one call of the session, one answer out."""
