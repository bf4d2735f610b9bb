"""The rest of a shape from a few of its points, without a trained network."""
