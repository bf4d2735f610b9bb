"""Work in parts that know nothing of each other: a list of all of it, a file of results a part, and
the one who puts them into the project."""
