"""The part that runs in the user's own interpreter: warm host, run, probes, limits.

It is loaded by `bootstrap.py` under a private package name. It imports nothing but the standard
library, `model` and torch, and runs on Python 3.9 and later.
"""

import os

RUNNER_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
"""The folder of the runner's own files, whose frames are left out of tracebacks."""
