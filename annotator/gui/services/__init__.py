"""Threads, processes, messages, preferences, picture caches. Knows no page and no window."""
