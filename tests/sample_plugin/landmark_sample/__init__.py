"""A package that adds a backend, a label format, a kind of image and a metric, and some that are
broken."""
