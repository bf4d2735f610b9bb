"""What the dashboard and the start page read."""
