"""Reads source text and syntax trees with the user's own Python; executes nothing of them."""
