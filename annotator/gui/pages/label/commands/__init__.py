"""One user action a file: a short function that hands the controller one operation."""
