"""Starts the server from the libraries that lie beside this file.

The interpreter is the user's, and nothing is set in its environment: programs that the server runs
find what they would find without it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "libs"))

from tensorhints.cli import main

sys.exit(main())
