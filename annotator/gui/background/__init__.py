"""Slow work beside the labelling: training, proposing, importing."""
