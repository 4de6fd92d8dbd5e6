"""Generates the README's picture: the output of `tensorhints run` for lesson 1, from a real run."""

import re
import sys
from pathlib import Path

from rich.console import Console

from tensorhints.cli.arguments import RunFile
from tensorhints.cli.source import read_source
from tensorhints.cli.text_report import write_report
from tensorhints.cli.watch import watch

ROOT = Path(__file__).resolve().parent.parent
LESSON = "lessons/01-tensors/fundamentals.py"
PICTURE = ROOT / "docs" / "images" / "hints.svg"


def main() -> int:
    """Write the picture and return the exit status of the run."""
    report = watch(RunFile(LESSON, "cpu", None, False, None, ()), read_source(LESSON), None)
    console = Console(record=True, width=112, force_terminal=True, file=sys.stderr)
    write_report(report, console, "en")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    svg = console.export_svg(title="tensorhints run fundamentals.py", unique_id="hints")
    # The picture must not load a font from the web; the reader's own monospace font is used.
    PICTURE.write_text(re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL), "utf-8")
    return report.exit_status


if __name__ == "__main__":
    sys.exit(main())
