"""Inspects one tensor closely, in a forked process that ends afterwards."""
