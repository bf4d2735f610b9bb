"""Label formats, one a file: bytes to entries and back. Knows neither the store nor a window."""
