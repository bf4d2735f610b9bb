"""Options, the form of a result, and the runner of protocols."""
