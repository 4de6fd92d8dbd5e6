"""What the server knows: documents, runs, settings, scheduling, trust. No LSP type, no words."""
