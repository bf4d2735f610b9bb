"""What stands round a head, and the path from light to photograph."""
