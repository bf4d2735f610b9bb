"""Densities per landmark, fused with a prior over shapes.

Source: Chen, Su, Ji, "Face Alignment with Kernel Density Deep Neural Network" (ICCV 2019).
"""

from backends.heatmap.portable.whole import onnx_file
from backends.heatmap.proposer import load
from backends.heatmap.training import train

__all__ = ["load", "onnx_file", "train"]
