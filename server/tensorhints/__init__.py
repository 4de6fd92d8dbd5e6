"""Tensor Hints: every tensor's shape, dtype and device, seen by running the open file."""

__version__ = "0.1.0"
