"""The half that runs in the user's own interpreter: warm host, run, probes, limits.

Loaded by `bootstrap.py` under a private package name. It imports nothing but the standard library,
`model` and torch, and runs on Python 3.9 and later.
"""
