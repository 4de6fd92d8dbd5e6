"""Runs programs: finds the interpreter, keeps its hosts warm, starts and stops runs.

It uses asyncio and the model's messages only; sentences for users are `UserMessage`s. The runner is
launched by its path and never imported.
"""
