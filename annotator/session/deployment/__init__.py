"""A model away from its project: what it says of any images, and the file that carries it."""
