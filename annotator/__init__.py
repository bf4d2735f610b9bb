"""The tool itself: the click loop, the protocols, the command line and the window."""
