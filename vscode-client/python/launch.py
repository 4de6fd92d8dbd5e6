"""Start the server from the libraries beside this file.

The interpreter is the user's. The environment is not changed, so that programs run as without it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "libs"))

from tensorhints.cli import main

sys.exit(main())
