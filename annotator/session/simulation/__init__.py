"""The simulated hand: where it clicks, how far off, in which boxes. Knows no project."""
