"""`python -m tensorhints` is the command `tensorhints`."""

import sys

from tensorhints.cli import main

if __name__ == "__main__":
    sys.exit(main())
