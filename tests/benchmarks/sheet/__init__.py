"""Sheets of proposals in the real window: gestures by real events, and how long turning takes."""
