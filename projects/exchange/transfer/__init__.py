"""Entries into a project and out of one: the only room of the exchange that knows the store."""
