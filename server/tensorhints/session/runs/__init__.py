"""Live files: when they run, what their runs record, and what is shown of it."""
