"""Labelled shapes to distributions: alignment, EM, the prior, label noise."""
