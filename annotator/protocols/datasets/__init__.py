"""The sets of LANDMARK_DATA, and how images are drawn from them or made harder."""
