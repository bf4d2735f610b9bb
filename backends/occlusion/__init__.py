"""Coordinates from features that know what is covered, fused with a prior over shapes.

Source: Zhu, Shi, Zheng, Sadiq, "Robust Facial Landmark Detection via Occlusion-adaptive Deep
Networks" (CVPR 2019).
"""
