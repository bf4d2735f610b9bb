"""The page to label on: it puts its parts together and connects them."""
