"""The head as geometry: assets, subdivision, regions, landmarks, identity, expression."""
