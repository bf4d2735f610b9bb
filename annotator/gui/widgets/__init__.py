"""Small widgets that any page may use. They know no session."""
