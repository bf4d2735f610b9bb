"""What it costs to compute beside the project, and whether that loses or doubles anything."""
