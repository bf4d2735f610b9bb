"""Models: the joint distribution over shapes, and the networks that propose one."""
