"""Rewrites a syntax tree so that probes see its values, with every source position kept. Pure."""
