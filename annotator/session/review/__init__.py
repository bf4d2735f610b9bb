"""Judging and comparing people: review, flags, agreement, second opinions."""
