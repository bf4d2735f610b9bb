"""What the hand does on the photograph: one file a tool."""
