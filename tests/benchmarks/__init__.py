"""Benchmarks: each figure beside references that are measured in the same run. See `make bench`."""
