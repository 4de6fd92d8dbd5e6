"""Suspended forks of a run: when one is made, whether it is valid, how a new text resumes."""
