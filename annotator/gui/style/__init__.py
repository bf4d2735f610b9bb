"""Colours, letters and plots. Imports Qt alone."""
