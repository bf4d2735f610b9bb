"""The database itself: connection, failures, backup; one file a kind of database."""
