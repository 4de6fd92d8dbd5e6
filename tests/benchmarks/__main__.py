"""Measure all figures, or those whose names are given, and print a table."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from . import edits, footprint, large_file, overhead, real_programs, report, startup, streaming
from .environment import ROOT, BenchmarkEnvironment, missing_references
from .measure import Figure

GROUPS = (edits, startup, overhead, real_programs, streaming, large_file, footprint)
FIGURES = {figure.__name__: figure for group in GROUPS for figure in group.FIGURES}


def main() -> int:
    arguments = _arguments()
    known = FIGURES
    if arguments.programs is not None:
        known = {each.__name__: each for each in real_programs.figures(arguments.programs)}
    unknown = [name for name in arguments.names if not any(name in each for each in known)]
    if unknown:
        print(f"No figure is named {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    missing = missing_references()
    if missing:
        print(f"Not installed: {', '.join(missing)}. `make bench` installs what it needs.")
        return 2
    chosen = [name for name in known if _is_chosen(name, arguments.names)]
    figures: list[Figure] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tensorhints-bench-") as folder:
        environment = BenchmarkEnvironment(Path(folder).resolve(), arguments.quick)
        for name in chosen:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                figures.append(asyncio.run(known[name](environment)))
                # After each figure, so that an interrupted run loses nothing.
                report.write(figures, arguments.json)
                for row in report.rows(figures[-1]):
                    print("   ", *row, sep="  ", file=sys.stderr, flush=True)
            except (AssertionError, OSError, RuntimeError, TimeoutError) as error:
                # The other figures may take an hour: measure them nevertheless.
                failed.append(f"{name}: {type(error).__name__}: {error}")
    report.show(figures)
    if arguments.markdown is not None:
        arguments.markdown.write_text(report.markdown(figures) + "\n", encoding="utf-8")
    for line in failed:
        print(f"not measured: {line}")
    return 1 if failed else 0


def _is_chosen(name: str, wanted: list[str]) -> bool:
    return not wanted or any(part in name for part in wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="figures, by any part of their names")
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    parser.add_argument(
        "--programs", type=Path, help="measure the programs of this folder, and nothing else"
    )
    parser.add_argument("--json", type=Path, default=ROOT / ".cache" / "benchmarks" / "last.json")
    parser.add_argument("--markdown", type=Path, help="write the table as Markdown, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
