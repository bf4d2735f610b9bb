"""Renders human heads with exact truth. Development only: needs the extra `heads`.

`python -m landmark_annotator.projects.rendering --help` says how; nothing that ships imports this
package.

Frames. Head frame: x to the image's right when the head faces the camera, y up, z towards the
viewer; the unit is about a decimetre. Picture frame: that of the store (x right, y down, the
centre of the top-left pixel is (0, 0)).
"""
