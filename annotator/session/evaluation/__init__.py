"""How good what proposes is on labels it has not seen; whole jobs labelled by simulation."""
