"""Tables, revisions and migrations."""
