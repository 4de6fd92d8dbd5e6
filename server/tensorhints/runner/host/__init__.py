"""The warm host: imports torch once, forks runs and keeps their checkpoints."""
