"""The server's side of the runner: which interpreter, its warm host, runs and how they end.

asyncio, no LSP, no words: sentences are `UserMessage`s. The runner is launched by its path and
never imported.
"""
