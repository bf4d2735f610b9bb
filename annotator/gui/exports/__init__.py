"""The export dialog: its choices, its preview, and what became of the export."""
