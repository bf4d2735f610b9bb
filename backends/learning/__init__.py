"""What the trainings of all backends share."""
