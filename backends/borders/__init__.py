"""Where the borders of regions run beside landmarks: learned from what is labelled with both, told
to masks where landmarks are known, and to landmarks where masks are.

Knows no network; numpy and OpenCV.
"""
