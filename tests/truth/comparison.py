"""Compares the product's observations with the truth, location by location.

The truth's values are the nested JSON of `recorder`; the product's are those of
`tensorhints.model.values`. A location counts if the truth saw it hold a tensor or an array.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import interpreters
from tensorhints.model import locations, values
from tensorhints.model.observations import Observation

RECORDER = Path(__file__).with_name("recorder.py")

KINDS = {
    locations.TARGET: "name",
    locations.COMPREHENSION: "name",
    locations.PARAMETER: "name",
    locations.RETURN: "return",
    locations.EXPRESSION: "expression",
    locations.CHAIN: "chain",
}


@dataclass(frozen=True)
class Spot:
    """A hint location: its kind, the position of its hint, and its name if it has one."""

    kind: str
    hint: tuple[int, int]
    name: str = ""

    def __str__(self) -> str:
        line, column = self.hint
        return f"{line + 1}:{column} {self.kind} {self.name}".rstrip()


@dataclass(frozen=True)
class TrueValue:
    """A value in the recorder's JSON, and how often it was observed."""

    value: dict[str, Any]
    count: int


Spots = dict[Spot, list[TrueValue]]


@dataclass(frozen=True)
class Truth:
    """What one program did: `files` holds, by path, every value observed at every spot."""

    program: Path
    failure: str | None
    files: dict[Path, Spots]


def record(interpreter: Path, programs: Sequence[Path], root: Path, out: Path) -> dict[Path, Truth]:
    """Run every program under the truth's recorder. Their own output is discarded."""
    interpreters.skip_unless_recordable(interpreter)
    out.mkdir(parents=True, exist_ok=True)
    command = [str(interpreter), "-W", "ignore", str(RECORDER), str(out), str(root)]
    done = subprocess.run(
        [*command, *map(str, programs)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found = {}
    for path in out.glob("*.json"):
        plain = json.loads(path.read_text(encoding="utf-8"))
        truth = _truth(plain)
        found[truth.program] = truth
    return found


def _truth(plain: dict[str, Any]) -> Truth:
    files: dict[Path, Spots] = {}
    for path, spots in plain["files"].items():
        seen = files[Path(path)] = {}
        for spot in spots:
            kind = spot["kind"] if spot["kind"] in ("return", "expression", "chain") else "name"
            at = Spot(kind, (spot["hint_line"], spot["hint_column"]), spot["name"])
            held = [TrueValue(item["value"], item["count"]) for item in spot["values"]]
            seen.setdefault(at, []).extend(held)
    return Truth(Path(plain["program"]), plain["failure"], files)


def spot_of(location: locations.HintLocation) -> Spot:
    return Spot(KINDS[location.kind], (location.line, location.column), location.name)


# ---- values ------------------------------------------------------------------------------------


def holds_tensor(value: dict[str, Any]) -> bool:
    if value["is"] in ("tensor", "array"):
        return True
    return any(map(holds_tensor, value.get("items", ())))


def agrees(seen: values.Value, true: dict[str, Any]) -> bool:
    """Whether everything that the product's value says is true of the true value.

    The product keeps the first few items of a container, and only down to some depth.
    """
    kind = true["is"]
    if isinstance(seen, values.Tensor):
        return kind == "tensor" and (
            seen.shape == tuple(true["shape"])
            and seen.dtype == true["dtype"]
            and seen.device == true["device"]
            and seen.requires_grad == true["grad"]
            and not seen.guessed
        )
    if isinstance(seen, values.Array):
        return (
            kind == "array" and seen.shape == tuple(true["shape"]) and seen.dtype == true["dtype"]
        )
    if isinstance(seen, values.OtherObject):
        return kind not in ("tensor", "array")
    if kind == "other":
        return True  # a container below the depth that the truth describes
    if kind in ("tensor", "array") or seen.type_name != true["type"]:
        return False
    if isinstance(seen, values.Record):
        # The truth describes torch's named results, such as that of `max(dim=0)`, as a sequence.
        fields = true["fields"] if kind == "record" else list(seen.fields)
        return kind != "mapping" and list(seen.fields) == fields and _alike(seen, true)
    return kind in ("sequence", "mapping") and seen.length == true["length"] and _alike(seen, true)


def _alike(seen: values.Sequence | values.Mapping | values.Record, true: dict[str, Any]) -> bool:
    return all(agrees(item, other) for item, other in zip(seen.items, true["items"]))


# ---- locations ---------------------------------------------------------------------------------


@dataclass
class Verdict:
    """The comparison of one file. `total` and `found` count signatures at locations."""

    path: Path
    total: int = 0
    found: int = 0
    unchecked: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def compare(path: Path, truth: Spots, observations: Iterable[Observation]) -> Verdict:
    """Require that the product has every true signature and no untrue one."""
    verdict = Verdict(path)
    seen: dict[tuple[str, tuple[int, int]], list[tuple[str, values.Value]]] = {}
    for observation in observations:
        spot = spot_of(observation.location)
        at = seen.setdefault((spot.kind, spot.hint), [])
        at.extend((observation.location.name, value) for value in observation.values)
    known = {(spot.kind, spot.hint): spot for spot in truth}
    for spot, true_values in truth.items():
        at = seen.get((spot.kind, spot.hint), [])
        for true in (value.value for value in true_values if holds_tensor(value.value)):
            verdict.total += 1
            if any(agrees(value, true) for _, value in at if values.holds_tensor(value)):
                verdict.found += 1
            else:
                seen_there = ", ".join(brief(value) for _, value in at[:4])
                verdict.missed.append(f"{spot}: {_short(true)}; {len(at)} seen: {seen_there}")
    for (kind, hint), pairs in seen.items():
        true_spot = known.get((kind, hint))
        for name, value in pairs:
            if not values.holds_tensor(value):
                continue
            text = f"{Spot(kind, hint, name)}: {brief(value)}"
            if true_spot is None:
                if _readable(kind, name):
                    verdict.wrong.append(f"{text}; the truth has no such location")
                else:
                    verdict.unchecked += 1
            elif kind == "name" and true_spot.name != name:
                verdict.wrong.append(f"{text}; the name there is {true_spot.name}")
            elif not any(agrees(value, true.value) for true in truth[true_spot]):
                true_text = [_short(true.value) for true in truth[true_spot]]
                verdict.wrong.append(f"{text}; true is {true_text}")
    return verdict


def _readable(kind: str, name: str) -> bool:
    """Whether the truth covers every location of this kind.

    It reads every name, not every subscript, and of a chain only the calls at the end of a line.
    """
    return kind != "chain" and (kind != "name" or name.isidentifier())


def brief(value: values.Value) -> str:
    """Return the product's value in the form of `_short`."""
    if isinstance(value, values.Tensor):
        grad = " grad" if value.requires_grad else ""
        return f"{value.dtype}{list(value.shape or ())} {value.device}{grad}"
    if isinstance(value, values.Array):
        return f"ndarray {value.dtype}{list(value.shape)}"
    if isinstance(value, values.OtherObject):
        return value.type_name
    return f"{value.type_name}({', '.join(map(brief, value.items[:6]))})"


def listed(lines: list[str], limit: int = 12) -> str:
    """Return the first few lines, and how many more there are."""
    more = [f"and {len(lines) - limit} more"] if len(lines) > limit else []
    return "\n".join([*lines[:limit], *more])


def _short(true: dict[str, Any]) -> str:
    if true["is"] == "tensor":
        grad = " grad" if true["grad"] else ""
        return f"{true['dtype']}{true['shape']} {true['device']}{grad}"
    if true["is"] == "array":
        return f"ndarray {true['dtype']}{true['shape']}"
    if true["is"] == "other":
        return str(true["type"])
    return f"{true['type']}({', '.join(map(_short, true['items'][:6]))})"


def table(verdicts: Iterable[Verdict], root: Path) -> str:
    rows: list[tuple[str, ...]] = [("file", "true", "found", "missed", "wrong")]
    for verdict in verdicts:
        name = verdict.path.relative_to(root).as_posix()
        counts = (verdict.total, verdict.found, len(verdict.missed), len(verdict.wrong))
        rows.append((name, *map(str, counts)))
    return "\n".join("{:36}{:>7}{:>7}{:>8}{:>7}".format(*row) for row in rows)
