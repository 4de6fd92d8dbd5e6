"""The half that runs in the user's own interpreter: warm host, run, probes, limits.

Loaded by `bootstrap.py` under a private package name. It imports nothing but the standard library,
`model` and torch, and runs on Python 3.9 and later.
"""

import os

RUNNER_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
"""Every file below it is the product's own: its frames are left out of tracebacks."""
