"""A second look at each landmark, at the photograph's own resolution: what the network does last.

After chapter 3 of the thesis "Deep face analysis" (CropNet): small patches around the present
answer, in finer levels than the first stage sees, read with bilinear sampling. Here all levels of a
landmark are read at once, and the answer is a density, so that it is evidence as the first one is.
"""
