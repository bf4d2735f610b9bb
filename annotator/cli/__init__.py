"""The command line: one command a module. Nothing slow is imported before a command runs."""
