"""The state of one editor: its documents, settings, trust and runs. Uses no LSP types."""
