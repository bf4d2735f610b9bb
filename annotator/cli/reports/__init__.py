"""Text, files and pictures made of a result."""
