"""How far predictions are from the truth, and how honest their uncertainty is. numpy only."""
