"""Executes one run: its process, `__main__`, imported modules of the workspace, and failures."""
