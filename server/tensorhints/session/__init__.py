"""What the server knows of one editor: its documents, settings, trust and runs. No LSP types."""
