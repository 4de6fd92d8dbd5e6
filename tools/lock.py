"""Write requirements-dev.txt: the releases that this environment has, as constraints for pip.

A release that supports only newer Pythons than the oldest one supported here carries a condition;
on older Pythons pip is free to choose. `make lock` upgrades the environment first.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements-dev.txt"
HEAD = """\
# Constraints for the development environment. `make lock` writes this file anew.
# To move to another torch, change its line, then run `make lock`.
"""
OLDEST = (3, 10)
NOT_LOCKED = frozenset({"pip", "setuptools", "tensorhints", "wheel"})


def normalized(name: str) -> str:
    """Return a package's name as PEP 503 normalizes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pin(package: Distribution) -> str:
    """Return the line of the lock for an installed package."""
    # A local part, as in 2.13.0+cpu, names a build of the same release.
    version = package.version.partition("+")[0]
    supported = str(package.metadata.json.get("requires_python", ""))
    least = re.search(r">=\s*3\.(\d+)", supported)
    needed = (3, int(least[1])) if least else OLDEST
    condition = f'; python_version >= "3.{needed[1]}"' if needed > OLDEST else ""
    return f"{normalized(package.metadata['Name'])}=={version}{condition}"


def lock_text() -> str:
    """Return the lock of this environment."""
    packages = [each for each in distributions() if each.metadata["Name"]]
    chosen = {pin(each) for each in packages if normalized(each.name) not in NOT_LOCKED}
    return HEAD + "".join(f"{line}\n" for line in sorted(chosen))


if __name__ == "__main__":
    LOCK.write_text(lock_text(), encoding="utf-8")
    sys.exit(0)
