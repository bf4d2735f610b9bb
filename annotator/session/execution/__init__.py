"""How slow work runs: its progress, and where it runs. Knows no project."""
