"""Write what must agree with the server's definitions: `make generate`; with `--check`, compare.

* docs/protocol.md: the tables of commands, fields, values and settings (the text stays);
* docs/settings.md: every setting with its meaning;
* vscode-client/src/shared/protocol.ts: the valibot schema of notifications and answers;
* vscode-client/package.json: `contributes.configuration` and `restrictedConfigurations`.

The definitions are lsp/notifications.py, lsp/commands.py, lsp/names.py, browser/messages.py,
model/locales.py and session/settings.py; the words of the settings are those of
vscode-client/package.nls.json.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from tensorhints.browser.messages import COMMANDS as PAGE_COMMANDS
from tensorhints.lsp import names, notifications
from tensorhints.lsp.commands import COMMANDS
from tensorhints.model.locales import LOCALES
from tensorhints.session.settings import Setting, described

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "vscode-client"

# ---- the shapes ---------------------------------------------------------------------------------

Field = tuple[str, str, str]
"""Name, type as written in Python, description."""

# Fields that earlier servers do not send, with what the client assumes instead.
_ASSUMED = {
    ("RunNotification", "deviceText"): '""',
    ("RunNotification", "resumedLine"): "null",
    ("RunNotification", "whole"): "null",
    ("TensorRow", "uri"): "null",
    ("DeviceTotal", "allocated"): "null",
    ("DeviceTotal", "reserved"): "null",
    ("DeviceTotal", "peak"): "null",
    ("LessonAnswer", "secondsSpent"): "0",
    ("LessonOverview", "secondsSpent"): "0",
    ("ChoiceData", "tried"): "null",
}


def shapes() -> dict[str, type]:
    """The dataclasses and TypedDicts of the notifications and answers, by name."""
    found = {
        name: shape
        for name, shape in vars(notifications).items()
        if isinstance(shape, type)
        and (dataclasses.is_dataclass(shape) or typing.is_typeddict(shape))
    }
    return dict(sorted(found.items()))


def value_types() -> dict[str, Any]:
    """The named types of single values (`Verdict`, `ImageSide`), by name."""
    return {
        name: alias
        for name, alias in vars(notifications).items()
        if typing.get_origin(alias) in (Annotated, Literal)
    }


def fields_of(shape: type) -> Iterator[Field]:
    """The fields of a shape in order; a field's description is the string that follows it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(shape))).body[0]
    assert isinstance(body, ast.ClassDef)
    for node, following in zip(body.body, [*body.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign):
            continue
        assert isinstance(node.target, ast.Name)
        text = ""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            text = " ".join(str(following.value.value).split())
        yield node.target.id, _type_text(node.annotation), text


def _type_text(annotation: ast.expr) -> str:
    """The annotation as written; `Annotated[plain, wire]` is shown as the wire's type."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        assert isinstance(annotation.slice, ast.Tuple)
        return ast.unparse(annotation.slice.elts[1])
    return ast.unparse(annotation)


# ---- Markdown -----------------------------------------------------------------------------------


def table(*rows: tuple[str, ...]) -> str:
    """A Markdown table; the first row is the head."""
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    escaped = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(cells)} |\n".replace("|  |", "| |") for cells in escaped)


def protocol_document(text: str) -> str:
    """docs/protocol.md with its tables written anew."""
    text = _with_table(text, "Commands", table(("command", "fields", "answer"), *_command_rows()))
    text = _with_table(text, "Settings", table(("setting", "default", "values"), *_setting_rows()))
    text = _with_table(text, "Values", table(("type", "values"), *_value_rows()))
    for name, shape in shapes().items():
        rows = ((f"`{field}`", f"`{kind}`", doc) for field, kind, doc in fields_of(shape))
        text = _with_table(text, name, table(("field", "type", "meaning"), *rows))
    return text


def _with_table(text: str, heading: str, new: str) -> str:
    """Replace the first table below a heading."""
    pattern = rf"(^##+ {heading}\n(?:(?!#|\|).*\n)*)(?:\|.*\n)+"
    changed, count = re.subn(pattern, lambda found: found[1] + new, text, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit(f"docs/protocol.md: no table below the heading {heading!r}")
    return changed


def _command_rows() -> Iterator[tuple[str, ...]]:
    for name, command in COMMANDS.items():
        yield f"`{name}`", ", ".join(f"`{field}`" for field in command.fields), command.answers


def _value_rows() -> Iterator[tuple[str, ...]]:
    for name, alias in value_types().items():
        meaning = _values_of(alias)
        if isinstance(meaning, range):
            yield f"`{name}`", f"{meaning.start} to {meaning.stop - 1}"
        elif isinstance(meaning, tuple):
            yield f"`{name}`", ", ".join(f"`{json.dumps(value)}`" for value in meaning)
        else:
            yield f"`{name}`", f"`{meaning}`"


def _setting_rows() -> Iterator[tuple[str, ...]]:
    for setting in described():
        yield f"`{setting.name}`", f"`{_json(setting.default)}`", _allowed(setting)


_ALLOWED = {
    "boolean": "`true`, `false`",
    "text": "a string",
    "texts": "a list of strings",
    "variables": "an object of strings",
    "device": "`auto`, `cpu`, `cuda`, `cuda:N`, `mps`, `simulated`",
    "number": "a number, 0 or more",
    "whole-number": "a whole number, 0 or more",
}


def _allowed(setting: Setting) -> str:
    chosen = ", ".join(f"`{choice}`" for choice in setting.choices)
    return _ALLOWED.get(setting.expected, chosen)


_SETTINGS_HEAD = """\
<!-- Generated by tools/generate.py (`make generate`) from the server's settings. -->

# Settings

Section `tensorhints`. Editors other than VS Code send the same names, as
[protocol.md](protocol.md#starting) describes; the pages in [editors](editors) show where they are
written. A value that is not valid is reported and replaced by the default.
"""
_CLIENT_HEAD = """
## Only in VS Code

The extension reads these itself.

"""


def settings_document() -> str:
    """docs/settings.md."""
    head = ("setting", "default", "values", "meaning")
    words: dict[str, str] = json.loads((CLIENT / "package.nls.json").read_text("utf-8"))

    def row(setting: Setting) -> tuple[str, ...]:
        key = f"settings.{setting.name}"
        meaning = re.sub(r"`#tensorhints\.([\w.]+)#`", r"`\1`", words[key])
        values = "; ".join(
            f"`{choice}`: {words[f'{key}.{choice}'].rstrip('.')}" for choice in setting.choices
        )
        default = f"`{_json(setting.default)}`"
        return f"`{setting.name}`", default, values or _allowed(setting), meaning

    ours = table(head, *(row(setting) for setting in described()))
    theirs = table(head, *(row(setting) for setting in _CLIENT_SETTINGS))
    return f"{_SETTINGS_HEAD}\n{ours}{_CLIENT_HEAD}{theirs}"


def _json(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


# ---- TypeScript ---------------------------------------------------------------------------------

_TYPESCRIPT_HEAD = """\
// Generated by tools/generate.py (`make generate`) from the server's definitions. Do not edit.

/** The server's commands, notifications and answers; docs/protocol.md describes each field. */

import * as v from "valibot";
"""
_PLAIN = {str: "v.string()", int: "v.number()", float: "v.number()", bool: "v.boolean()"}


def typescript() -> str:
    """src/shared/protocol.ts: a valibot schema and a type for every shape, used before defined."""
    parts = [
        _TYPESCRIPT_HEAD,
        _list("COMMANDS", [name.rpartition(".")[2] for name in COMMANDS]),
        _list("PAGE_COMMANDS", sorted(PAGE_COMMANDS)),
        _list("LOCALES", list(LOCALES)),
        "export type Locale = (typeof LOCALES)[number];\n",
        _list("NOTIFICATIONS", [name.rpartition("/")[2] for name in _notification_names()]),
    ]
    for name, alias in value_types().items():
        parts.append(_export(name, "", _values_schema(_values_of(alias), {})))
    aliases = {alias: name for name, alias in value_types().items()}
    written: set[str] = set()

    def write(shape: type) -> None:
        """Export a shape, after the shapes that it contains."""
        if shape.__name__ in written:
            return
        written.add(shape.__name__)
        hints = typing.get_type_hints(shape, include_extras=True)
        for hint in hints.values():
            for inner in _shapes_in(hint):
                write(inner)
        lines = [
            f"  {field}: {_assumed(shape, field, _schema(hint, aliases))},\n"
            for field, hint in hints.items()
        ]
        summary = (shape.__doc__ or "").split("\n")[0]
        parts.append(_export(shape.__name__, summary, f"v.object({{\n{''.join(lines)}}})"))

    for shape in shapes().values():
        write(shape)
    return "\n".join(parts)


def _notification_names() -> list[str]:
    return [value for name, value in vars(names).items() if name.endswith("_NOTIFICATION")]


def _list(name: str, values: list[str]) -> str:
    words = "".join(f"  {json.dumps(value)},\n" for value in values)
    return f"export const {name} = [\n{words}] as const;\n"


def _export(name: str, summary: str, schema: str) -> str:
    doc = f"/** {summary} */\n" if summary else ""
    return (
        f"{doc}export const {name} = {schema};\n"
        f"export type {name} = v.InferOutput<typeof {name}>;\n"
    )


def _assumed(shape: type, field: str, schema: str) -> str:
    value = _ASSUMED.get((shape.__name__, field))
    return schema if value is None else f"v.optional({schema}, {value})"


def _schema(hint: Any, aliases: dict[Any, str]) -> str:
    """The valibot schema of a type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Annotated, Literal):
        return aliases.get(hint) or _values_schema(_values_of(hint), aliases)
    if origin in (Union, types.UnionType):
        members = [_schema(each, aliases) for each in arguments if each is not type(None)]
        inner = members[0] if len(members) == 1 else f"v.union([{', '.join(members)}])"
        return f"v.nullable({inner})" if type(None) in arguments else inner
    if origin is list:
        return f"v.array({_schema(arguments[0], aliases)})"
    if origin is tuple:
        return f"v.tuple([{', '.join(_schema(each, aliases) for each in arguments)}])"
    if origin is dict:
        return f"v.record(v.string(), {_schema(arguments[1], aliases)})"
    return _PLAIN.get(hint) or str(hint.__name__)


def _values_of(alias: Any) -> Any:
    """A tuple of the values, a range of numbers, or the type that the client sees."""
    if typing.get_origin(alias) is Literal:
        return typing.get_args(alias)
    return typing.get_args(alias)[1]


def _values_schema(values: Any, aliases: dict[Any, str]) -> str:
    if isinstance(values, range):
        low, high = values.start, values.stop - 1
        return f"v.pipe(v.number(), v.integer(), v.minValue({low}), v.maxValue({high}))"
    if isinstance(values, tuple):
        return f"v.picklist({json.dumps(values)})"
    return _schema(values, aliases)


def _shapes_in(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and hint.__name__ in shapes():
        yield hint
    for inner in typing.get_args(hint):
        yield from _shapes_in(inner)


# ---- the extension's manifest -------------------------------------------------------------------

_CLIENT_SETTINGS = (
    Setting("server.path", "text", (), ""),
    Setting("server.interpreter", "text", (), ""),
    Setting("client.lineState", "boolean", (), True),
    Setting("client.fadeUnreached", "boolean", (), False),
    Setting("trace.server", "one-of", ("off", "messages", "verbose"), "off"),
)
_GROUPS = {
    "running": ("run",),
    "hints": ("hints",),
    "editor": ("client", "python", "lessons"),
    "server": ("server", "trace"),
}
# An untrusted folder must not decide which programs are started, and how.
RESTRICTED = (
    "tensorhints.run.args",
    "tensorhints.run.cwd",
    "tensorhints.run.env",
    "tensorhints.run.interpreter",
    "tensorhints.server.interpreter",
    "tensorhints.server.path",
)


def configuration() -> list[dict[str, Any]]:
    """Return `contributes.configuration`: one settings page for each group."""
    settings = (*described(), *_CLIENT_SETTINGS)
    pages: list[dict[str, Any]] = []
    for order, (group, sections) in enumerate(_GROUPS.items()):
        shown = [each for each in settings if each.name.split(".")[0] in sections]
        pages.append(
            {
                "id": f"tensorhints.{group}",
                "title": f"%settings.{group}%",
                "order": order,
                "properties": {f"tensorhints.{each.name}": _property(each) for each in shown},
            }
        )
    assert {name for sections in _GROUPS.values() for name in sections} == {
        each.name.split(".")[0] for each in settings
    }
    return pages


def _property(setting: Setting) -> dict[str, Any]:
    key = f"settings.{setting.name}"
    schema = {**_type(setting), "default": _default(setting)}
    if f"tensorhints.{setting.name}" in RESTRICTED:
        schema["scope"] = "machine-overridable"
    else:
        schema["scope"] = "window"
    schema["markdownDescription"] = f"%{key}%"
    if "enum" in schema:
        choices = [choice for choice in schema["enum"] if choice is not None]
        words = [f"%{key}.{choice}%" for choice in choices]
        absent = [f"%{key}.none%"] if None in schema["enum"] else []
        schema["markdownEnumDescriptions"] = absent + words
    return schema


def _type(setting: Setting) -> dict[str, Any]:
    nullable = setting.default is None
    if setting.name == "lessons.locale":
        return {"type": ["string", "null"], "enum": [None, *LOCALES]}
    match setting.expected:
        case "boolean":
            return {"type": "boolean"}
        case "text":
            return {"type": ["string", "null"] if nullable else "string"}
        case "texts":
            return {"type": "array", "items": {"type": "string"}}
        case "variables":
            return {"type": "object", "additionalProperties": {"type": "string"}}
        case "device":
            return {"type": "string", "pattern": "^(auto|cpu|cuda(:[0-9]{1,3})?|mps|simulated)$"}
        case "number":
            return {"type": "number", "minimum": 0}
        case "whole-number":
            return {"type": "integer", "minimum": 0}
        case "one-of":
            return {"type": "string", "enum": list(setting.choices)}
        case other:
            raise AssertionError(f"{setting.name}: no JSON schema for {other!r}")


def _default(setting: Setting) -> Any:
    number = isinstance(setting.default, float) and setting.default.is_integer()
    return int(setting.default) if number else setting.default


def manifest(text: str) -> str:
    """Return package.json with the settings' part made from the server's settings."""
    data = json.loads(text)
    data["contributes"]["configuration"] = configuration()
    trust = data["capabilities"]["untrustedWorkspaces"]
    trust["restrictedConfigurations"] = list(RESTRICTED)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


# ---- all files ----------------------------------------------------------------------------------

FILES: dict[Path, Callable[[str], str]] = {
    ROOT / "docs" / "protocol.md": protocol_document,
    ROOT / "docs" / "settings.md": lambda _: settings_document(),
    CLIENT / "src" / "shared" / "protocol.ts": lambda _: typescript(),
    CLIENT / "package.json": manifest,
}
"""Each generated file, and its text made from the text that it has."""


def main(arguments: list[str]) -> int:
    """Write the files, or name those that would change and return 1."""
    stale = []
    for path, generate in FILES.items():
        text = path.read_text("utf-8") if path.exists() else ""
        new = generate(text)
        if new != text:
            stale.append(path)
            if arguments != ["--check"]:
                path.write_text(new, "utf-8")
    if arguments != ["--check"] or not stale:
        return 0
    listed = ", ".join(str(path.relative_to(ROOT)) for path in stale)
    sys.stderr.write(f"{listed}: not as the server defines it; run `make generate`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
