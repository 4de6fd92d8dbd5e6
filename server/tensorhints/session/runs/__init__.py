"""When a file runs, what its run observed, and which hints still hold after edits."""
