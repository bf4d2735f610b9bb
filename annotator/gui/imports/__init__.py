"""The import dialog: its choices and its preview."""
