"""Sample projects made of drawn and of rendered heads."""
