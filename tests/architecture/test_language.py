"""The words of docs/glossary.md: replaced ones do not come back in names, comments and prose."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OTHER_PEOPLES = re.compile(r"^tests/(corpus/|golden/.*/|unit/course/example/)")


@dataclass(frozen=True)
class Replaced:
    """A word that is not written any more.

    `names` are its forms as parts of identifiers and file names, `prose` is what it looks like in
    docstrings, comments and documents. Either may be empty, where the word means something else as
    well. `allowed` lists the names, and the files of texts, in which it means that.
    """

    instead: str
    names: tuple[str, ...] = ()
    prose: str = ""
    allowed: tuple[str, ...] = ()


REPLACED = (
    Replaced("checkpoint", ("paused",), r"paused (copy|copies)"),
    Replaced("resume", (), r"\b(goes|go|going|went) on (from|as|at)\b"),
    Replaced("spare", ("twin", "twins", "lonely"), r"\btwins?\b|\blonely\b"),
    Replaced("hint location", ("places",), ""),
    Replaced("probe, probe id", ("sites",), r"\bsites\b|\ba site\b"),
    Replaced("observation", ("sighting", "sightings"), r"\bsightings?\b"),
    Replaced("new signature", ("news",), r"\b(is|be|bring|as) news\b"),
    Replaced("tainted", ("adrift",), r"\badrift\b"),
    Replaced("user message", ("notice", "notices"), r"\bthe notice\b|\bnotices as\b"),
    Replaced("diagnostic, authoring issue", ("trouble", "finding", "findings"), r"\bfindings\b"),
    Replaced("layer, package", ("room", "rooms"), r"\brooms?\b"),
    Replaced("environment", ("surroundings",), r"\bsurroundings\b"),
    Replaced("working copy", (), r"learner's (own )?file\b"),
    Replaced("standby process", (), r"\bstands by\b"),
    Replaced("send, notify", ("tell", "tells", "told"), r"\b(is|are|was) told\b"),
    Replaced("receive", ("hear", "hears", "heard"), r"\bhea(rs?|rd) of\b|\bis heard\b"),
)

# What the clients are searched for: these words have one meaning each in this project.
UNAMBIGUOUS = {
    *("sighting", "sightings", "twin", "twins", "adrift", "lonely"),
    *("told", "heard", "surroundings", "trouble"),
}


@dataclass(frozen=True)
class Written:
    """One name, docstring, comment or line: where it is written, and its text."""

    path: str
    line: int
    text: str


def modules() -> list[Path]:
    """The Python files of the product, its tests and its tools."""
    files = [path for name in ("server", "tests", "tools") for path in (ROOT / name).rglob("*.py")]
    return sorted(f for f in files if not OTHER_PEOPLES.match(f.relative_to(ROOT).as_posix()))


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that the module gives to something, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def docstrings_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every docstring, those after constants and fields included, with its line."""
    for node in ast.walk(tree):
        constant = node.value if isinstance(node, ast.Expr) else None
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            yield constant.lineno, constant.value


def comments_in(path: Path) -> Iterator[tuple[int, str]]:
    """Every block of comments as one text, with its last line."""
    block: list[str] = []
    last = -1
    with path.open("rb") as opened:
        for token in tokenize.tokenize(opened.readline):
            if token.type != tokenize.COMMENT:
                continue
            if token.start[0] != last + 1 and block:
                yield last, " ".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    if block:
        yield last, " ".join(block)


@pytest.fixture(scope="module")
def names() -> list[Written]:
    found = []
    for path in modules():
        where = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Written(where, line, name) for line, name in names_in(tree)]
        found += [Written(where, 1, part) for part in Path(where).with_suffix("").parts]
    return found


@pytest.fixture(scope="module")
def docstrings() -> list[Written]:
    found = []
    for path in modules():
        where = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Written(where, line, text) for line, text in docstrings_in(tree)]
    return found


def test_the_scans_find_names_and_texts(
    names: list[Written],
    docstrings: list[Written],
    comments: list[Written],
    paragraphs: list[Written],
    client_lines: list[Written],
) -> None:
    assert len(names) > 20_000
    assert len(docstrings) > 2_000
    assert len(comments) > 600
    assert len(paragraphs) > 500
    assert len(client_lines) > 5_000
    assert {path.path.rpartition(".")[2] for path in client_lines} == {"ts", "lua"}


@pytest.fixture(scope="module")
def comments() -> list[Written]:
    return [
        Written(path.relative_to(ROOT).as_posix(), line, text)
        for path in modules()
        for line, text in comments_in(path)
    ]


@pytest.fixture(scope="module")
def paragraphs() -> list[Written]:
    """The documents' paragraphs, without code and without the glossary's own tables."""
    paths = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    found = []
    for path in [*paths, *sorted((ROOT / "docs").rglob("*.md"))]:
        where = path.relative_to(ROOT).as_posix()
        text = re.sub(r"^(```+).*?^\1$|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.M | re.S)
        for number, paragraph in enumerate(text.split("\n\n"), start=1):
            if not (where == "docs/glossary.md" and paragraph.lstrip().startswith("|")):
                found.append(Written(where, number, paragraph))
    return found


@pytest.fixture(scope="module")
def client_lines() -> list[Written]:
    """The lines of the extension, its tests and the Neovim plugin, in TypeScript and Lua."""
    folders = (
        "vscode-client/src",
        "vscode-client/webview",
        "vscode-client/test",
        "server",
        "tests",
    )
    return [
        Written(path.relative_to(ROOT).as_posix(), number, line)
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".ts", ".lua") and "node_modules" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    ]


def words_of(name: str) -> set[str]:
    """The words of a name in snake case or camel case, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


@pytest.mark.parametrize("replaced", REPLACED, ids=lambda replaced: replaced.instead)
def test_no_name_has_a_replaced_word(replaced: Replaced, names: list[Written]) -> None:
    found = {
        f"{each.path}:{each.line}: {each.text}"
        for each in names
        if words_of(each.text) & set(replaced.names) and each.text not in replaced.allowed
    }
    assert sorted(found) == [], f"write: {replaced.instead}"


@pytest.mark.parametrize("kind", ["docstrings", "comments", "paragraphs"])
@pytest.mark.parametrize("replaced", REPLACED, ids=lambda replaced: replaced.instead)
def test_no_text_has_a_replaced_word(
    replaced: Replaced, kind: str, request: pytest.FixtureRequest
) -> None:
    found = {
        f"{each.path}:{each.line}: {match[0]}"
        for each in request.getfixturevalue(kind)
        if replaced.prose
        and (match := re.search(replaced.prose, " ".join(each.text.split()), re.IGNORECASE))
        and each.path not in replaced.allowed
    }
    assert sorted(found) == [], f"write: {replaced.instead}"


def test_no_word_of_the_clients_is_replaced(client_lines: list[Written]) -> None:
    """Names and texts are not parsed apart here, so only words of one meaning are searched for."""
    found = {
        f"{each.path}:{each.line}: {sorted(words)}"
        for each in client_lines
        if (words := words_of(each.text) & UNAMBIGUOUS)
    }
    assert sorted(found) == []


def test_the_glossary_has_every_replacement() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = {term for each in REPLACED for term in each.instead.split(", ")}
    assert [term for term in sorted(terms) if not re.search(rf"\b{term}\b", glossary)] == []
