"""Rewrites a syntax tree so that probes see its values; every source position is kept."""
