"""What is painted over the photograph: one file a thing."""
