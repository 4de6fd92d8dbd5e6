"""One run: the process, `__main__`, the imported modules of the workspace, failures."""
