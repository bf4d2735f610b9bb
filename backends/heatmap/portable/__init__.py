"""The whole proposal as an ONNX graph: a photograph and a box in, landmarks and covariances out."""
