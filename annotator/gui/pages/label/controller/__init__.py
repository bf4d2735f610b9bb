"""The one conversation with the labelling session: what is prepared, what is waited for."""
