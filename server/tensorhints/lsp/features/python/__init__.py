"""Requests about the Python text itself, answered by jedi in a process of its own."""
