"""The review page: what waits for a verdict, the worst first."""
