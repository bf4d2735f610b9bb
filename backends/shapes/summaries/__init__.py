"""Distributions to what people look at: modes, marginals, global variables."""
