"""Session values as LSP types: pure functions for pull features and push notifications."""
