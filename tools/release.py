"""Write one version into the server and the extension: `release.py VERSION`.

Both changelogs need a section for the version first. `--check` changes nothing and fails unless
everything already has that version. Tags and uploads are not made here.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBER = r"\d+\.\d+\.\d+"
CHANGELOGS = ("CHANGELOG.md", "vscode-client/CHANGELOG.md")


class Refused(Exception):
    """A release that cannot be prepared; the message is for the person who asked for it."""


@dataclass(frozen=True)
class Mention:
    """The places of one file that hold the version, as the groups around it."""

    file: str
    pattern: str
    times: int = 1


MENTIONS = (
    Mention("server/tensorhints/__init__.py", rf'^(__version__ = "){NUMBER}(")$'),
    Mention("vscode-client/package.json", rf'^(  "version": "){NUMBER}(",)$'),
    # npm's lock names the package twice: for the file, and as the package of the root folder.
    Mention(
        "vscode-client/package-lock.json",
        rf'((?:\A{{|"": {{)\n +"name": "tensorhints",\n +"version": "){NUMBER}(",)$',
        times=2,
    ),
)


def versions(root: Path) -> dict[str, set[str]]:
    """Return the versions that each file holds."""
    found = {}
    for mention in MENTIONS:
        text = (root / mention.file).read_text(encoding="utf-8")
        matches = [match[0] for match in re.finditer(mention.pattern, text, re.MULTILINE)]
        if len(matches) != mention.times:
            raise Refused(f"{mention.file}: the version was found {len(matches)} times")
        found[mention.file] = {re.findall(NUMBER, match)[-1] for match in matches}
    return found


def check(root: Path, version: str) -> None:
    """Raise `Refused` unless every file and both changelogs have this version."""
    _check_changelogs(root, version)
    for file, found in versions(root).items():
        if found != {version}:
            raise Refused(f"{file} has {', '.join(sorted(found))}, not {version}")


def release(root: Path, version: str) -> list[str]:
    """Write the version into every file that holds one, and return their names.

    Raises `Refused`, with nothing changed, if a changelog has no section for the version.
    """
    if not re.fullmatch(NUMBER, version):
        raise Refused(f"{version!r} is not a version like 1.2.3")
    _check_changelogs(root, version)
    versions(root)
    for mention in MENTIONS:
        path = root / mention.file
        text = path.read_text(encoding="utf-8")
        changed = re.sub(mention.pattern, rf"\g<1>{version}\g<2>", text, flags=re.MULTILINE)
        path.write_text(changed, encoding="utf-8", newline="")
    return [mention.file for mention in MENTIONS]


def _check_changelogs(root: Path, version: str) -> None:
    heading = re.compile(rf"^## \[?{re.escape(version)}\]?(?=\s|$)", re.MULTILINE)
    for name in CHANGELOGS:
        if not heading.search((root / name).read_text(encoding="utf-8")):
            raise Refused(f"{name} has no section for {version}")


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Write one version into everything released.")
    parser.add_argument("version", help="the version, like 1.2.3")
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.check:
            check(root, chosen.version)
        else:
            print("\n".join(release(root, chosen.version)))
    except Refused as refused:
        print(f"release: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
