"""Where things are on the canvas: pure functions on arrays and boxes, without Qt."""
