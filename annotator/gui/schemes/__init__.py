"""The editor of a scheme: its landmarks in a table and on a picture, and what a change does."""
