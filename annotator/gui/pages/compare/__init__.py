"""The compare page: two people's labels of the same objects."""
