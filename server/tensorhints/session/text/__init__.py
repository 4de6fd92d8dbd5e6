"""Open documents, how edits move their lines, and names found in their text."""
