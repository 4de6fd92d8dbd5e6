"""Writes the settings' part of package.json from the server's own settings: `--write`, else checks.

The truth is `tensorhints.session.settings`; what only the client uses stands here. The words are
`settings.…` in package.nls.json and package.nls.pt-br.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tensorhints.session.settings import Setting, described

MANIFEST = Path(__file__).parent.parent / "package.json"

_OF_CLIENT = (
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
# A folder that is not trusted has no say in which programs are started, and how.
RESTRICTED = (
    "tensorhints.run.args",
    "tensorhints.run.cwd",
    "tensorhints.run.env",
    "tensorhints.run.interpreter",
    "tensorhints.server.interpreter",
    "tensorhints.server.path",
)
_LOCALES = ("en", "pt-BR")


def configuration() -> list[dict[str, Any]]:
    """`contributes.configuration`: one page a group."""
    settings = (*described(), *_OF_CLIENT)
    pages = []
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
    assert sum(len(page["properties"]) for page in pages) == len(settings)
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
        return {"type": ["string", "null"], "enum": [None, *_LOCALES]}
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
    """package.json with the settings as they are now."""
    data = json.loads(text)
    data["contributes"]["configuration"] = configuration()
    trust = data["capabilities"]["untrustedWorkspaces"]
    trust["restrictedConfigurations"] = list(RESTRICTED)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    text = MANIFEST.read_text(encoding="utf-8")
    wanted = manifest(text)
    if arguments == ["--write"]:
        MANIFEST.write_text(wanted, encoding="utf-8")
        return 0
    if wanted == text:
        return 0
    sys.stderr.write("package.json differs from the server's settings: run this with --write\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
