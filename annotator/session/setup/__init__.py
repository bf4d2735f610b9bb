"""Making projects: new, imported, samples. The top of the session: nothing here imports it."""
