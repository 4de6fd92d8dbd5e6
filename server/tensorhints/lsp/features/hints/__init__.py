"""Requests that show what a run observed: inlay hints, hover, diagnostics."""
