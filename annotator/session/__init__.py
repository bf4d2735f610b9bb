"""The click loop without a front end: the window, the command line and tests run this code."""
