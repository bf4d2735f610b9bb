"""Widgets of the label page alone: the list of images, the landmarks, what else may be."""
