"""One person, one instance, one click. Knows store and shapes; no model is loaded here."""
