"""The dashboard: how the project goes."""
