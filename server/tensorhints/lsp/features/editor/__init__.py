"""Requests about documents, settings, commands, code actions and code lenses."""
