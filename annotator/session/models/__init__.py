"""Which models a project has, from what they were trained and when, and which of them proposes."""
