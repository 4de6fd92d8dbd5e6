"""Looks closely at one tensor, in a process that is thrown away afterwards."""
