"""Random keys and gestures on a real window: what nobody does on purpose must break nothing."""
