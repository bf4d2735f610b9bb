"""Labels out of a project: what is chosen, what would be lost, and the export itself."""
