"""What listens to the controller and computes or says something beside it."""
