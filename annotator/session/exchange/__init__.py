"""Labels into a project and out of one: what is chosen, what would be lost, and the deed itself."""
