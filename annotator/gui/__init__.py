"""The window. Here: starting the program, and which windows there are; no room imports these."""
