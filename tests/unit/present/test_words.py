"""Every language has every sentence, and the code uses them all."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import tensorhints
from tensorhints.model.locales import LOCALES, locale_for
from tensorhints.model.messages import CheckpointHazard, WholeReason
from tensorhints.present.words import TABLES, decimal, translate

SOURCES = sorted(Path(tensorhints.__file__).parent.rglob("*.py"))
# A code may consist of one of these prefixes and the value of an enum or a kind of location.
COMPOSED = (
    "whole.",
    "lens.",
    "device.",
    "expected.",
    "doctor.why.",
    "tooltip.placement.",
    "cli.",
    "verdict.",
)


# Codes that the model's messages promise, whether or not this runner sends them.
PROMISED = ("python-too-old", "output-truncated")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def called_with(path: Path, *functions: str) -> Iterator[tuple[str, int]]:
    """The constant first arguments of calls of these functions, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        first = node.args[0]
        choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        for choice in choices:
            is_text = isinstance(choice, ast.Constant) and isinstance(choice.value, str)
            if name in functions and is_text:
                assert isinstance(choice, ast.Constant)
                yield str(choice.value), node.lineno


def variants(code: str) -> set[str]:
    return {code, f"{code}.detail", f"{code}.line", f"{code}.detail.line"}


@pytest.mark.parametrize("locale", TABLES)
def test_every_language_has_the_same_codes_and_fields(locale: str) -> None:
    english, other = TABLES["en"], TABLES[locale]
    assert list(other) == list(english)
    for code, template in other.items():
        assert placeholders(template) == placeholders(english[code]), code


@pytest.mark.parametrize("locale", TABLES)
def test_sentences_are_written_and_of_one_line(locale: str) -> None:
    for code, template in TABLES[locale].items():
        assert template.strip(), code
        assert "\n" not in template or code.startswith("cli."), code
        assert "  " not in template.strip() or code.startswith("cli."), code


def test_every_language_has_a_table_and_a_decimal_mark() -> None:
    assert tuple(TABLES) == LOCALES
    assert all(decimal("1.5", locale) in ("1.5", "1,5") for locale in LOCALES)


def test_sentences_differ_between_the_languages_except_for_names() -> None:
    """A sentence left untranslated would stand in both tables."""
    english, portuguese = TABLES["en"], TABLES["pt-BR"]
    same = [code for code in english if english[code] == portuguese[code] and " " in english[code]]
    words = [code for code in same if len(english[code].split()) > 3]
    assert not words


def test_every_code_that_the_source_uses_exists() -> None:
    known = set(TABLES["en"])
    missing = []
    for function, least in (("translate", 80), ("Reason", 70), ("UserMessage", 30)):
        found = [(p.name, *each) for p in SOURCES for each in called_with(p, function)]
        assert len(found) > least, f"{function}: renamed?"
        for name, code, line in found:
            named = variants(code) if function == "UserMessage" else {code}
            if not named & known:
                missing.append(f"{name}:{line}: {code}")
    assert not missing


@pytest.mark.parametrize("prefix", [*COMPOSED, *PROMISED])
def test_each_exception_for_unused_codes_applies_to_a_code(prefix: str) -> None:
    assert any(code.startswith(prefix) for code in TABLES["en"])


def test_every_reason_for_a_whole_run_has_its_sentence() -> None:
    reasons = {*get_args(CheckpointHazard), *get_args(WholeReason)}
    codes = [code.split(".")[1] for code in TABLES["en"] if code.startswith("whole.")]
    assert sorted(codes) == sorted(reasons)


def test_every_sentence_is_used() -> None:
    used = {text for path in SOURCES if path.parent.name != "locales" for text in strings(path)}
    unused = []
    for code in TABLES["en"]:
        bases = {code.removesuffix(end) for end in ("", ".detail.line", ".line", ".detail")}
        bases |= {code.removesuffix("-close"), code.removeprefix("issue.")}
        if not bases & used and not code.startswith((*COMPOSED, *PROMISED)):
            unused.append(code)
    assert not unused


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("pt-BR", "pt-BR"),
        ("pt_BR.UTF-8", "pt-BR"),
        ("pt", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("pt_PT@euro", "pt-BR"),
        ("C.UTF-8", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_that_fits_best(wanted: str | None, expected: str) -> None:
    assert locale_for(wanted) == expected


def test_an_unknown_language_reads_english() -> None:
    assert translate("lens.run", "xx") == "▶ Run"


def test_a_missing_code_or_field_does_not_raise() -> None:
    assert translate("no.such-code", "en", detail="x") == "no.such-code x"
    assert translate("stopped.line", "en") == "The program was stopped at line {line}."


def test_decimal_mark() -> None:
    assert decimal("1.5", "en") == "1.5"
    assert decimal("1.5", "pt-BR") == "1,5"
