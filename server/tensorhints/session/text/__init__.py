"""Open documents, and how lines, spans and hints follow their edits."""
