"""One solver a file behind `Solver`; with the same answer from each."""
