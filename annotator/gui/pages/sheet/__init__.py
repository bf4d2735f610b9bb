"""Many proposals at one look: mended where they are wrong, accepted together."""
