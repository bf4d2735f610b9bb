"""Damaged and made-up files into every reader: what comes of each is a result or a sentence."""
