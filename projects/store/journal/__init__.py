"""Actions as pure edits, the journal that only grows, and undo folded from it."""
