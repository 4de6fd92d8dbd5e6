"""The lesson page and the inspector in a web browser."""
