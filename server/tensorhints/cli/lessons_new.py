"""Creates a lesson: a small, complete one that passes the check, for its author to edit."""

from __future__ import annotations

import re
from pathlib import Path

from tensorhints.course import toml_file
from tensorhints.course.loader import COURSE_FILE, LESSON_FILE, LESSON_ID, load, read_text
from tensorhints.model.locales import locale_for

from .refusal import Refusal

_LIST = re.compile(r"^[ \t]*lessons[ \t]*=[ \t]*\[(.*?)\]", re.MULTILINE | re.DOTALL)

SCHEMA = '"$schema" = "../schema/lesson.schema.json"\n'
LESSON = """\
format_version = 1
id = "{id}"
minutes = 15
concepts = ["shape"]
requires = []
file = "{module}.py"

[[step]]
id = "idea"
kind = "theory"

[[step]]
id = "question"
kind = "quiz"
choice = [
  {{ id = "first", correct = true, run = "torch.ones(2, 3).sum(dim=0).shape" }},
  {{ id = "second", run = "torch.ones(2, 3).sum(dim=1).shape" }},
]

[[step]]
id = "total"
kind = "challenge"
checks = "checks.py"
check = ["total.shape", "total.values"]
hints = 2
names = ["totals"]
"""

ENGLISH = """\
# {title} {{#lesson}}

Two or three sentences: what the learner will be able to do, and why it matters.

## The idea {{#idea}}

Short paragraphs, one thought each. Math stands between dollar signs, $(2, 3)$, and an example is
something that the learner can see run:

```python
table = torch.ones(2, 3)
```

## A question {{#question}}

Which shape has `torch.ones(2, 3).sum(dim=0)`?

### Choices {{#question-choices}}

- `first`: `(3,)`
- `second`: `(2,)`

### Explanations {{#question-explanations}}

- `first`: The dimension that is summed over is gone: here the first, of size 2.
- `second`: That is what is left by `dim=1`; `dim=0` takes the first dimension away.

## Add up the columns {{#total}}

Call the sum of each column of `table` by the name `totals`.

### Hints {{#total-hints}}

1. Which dimension of `table` counts its rows? That is the one to disappear.
2. The operation is `sum`, and `dim` says over which dimension.

### Feedback {{#total-feedback}}

- `total.shape`: `{{name}}` has shape `{{actual}}`; one sum a column makes `{{expected}}`.
- `total.values`: `{{name}}` has the right shape, but its numbers are no sums of columns.
"""

PORTUGUESE = """\
# {title} {{#lesson}}

Duas ou três frases: o que o aluno vai saber fazer, e por que isso importa.

## A ideia {{#idea}}

Parágrafos curtos, um pensamento em cada um. Fórmulas ficam entre cifrões, $(2, 3)$, e um exemplo é
algo que o aluno pode ver rodar:

```python
table = torch.ones(2, 3)
```

## Uma pergunta {{#question}}

Que forma tem `torch.ones(2, 3).sum(dim=0)`?

### Alternativas {{#question-choices}}

- `first`: `(3,)`
- `second`: `(2,)`

### Explicações {{#question-explanations}}

- `first`: A dimensão somada desaparece: aqui a primeira, de tamanho 2.
- `second`: É o que sobra com `dim=1`; `dim=0` elimina a primeira dimensão.

## Some as colunas {{#total}}

Chame de `totals` a soma de cada coluna de `table`.

### Dicas {{#total-hints}}

1. Qual dimensão de `table` conta as linhas? É essa que deve desaparecer.
2. A operação é `sum`, e `dim` diz sobre qual dimensão.

### Respostas {{#total-feedback}}

- `total.shape`: `{{name}}` tem forma `{{actual}}`; uma soma por coluna dá `{{expected}}`.
- `total.values`: `{{name}}` tem a forma certa, mas seus números não são somas de colunas.
"""

_TEXTS = {"en": ENGLISH, "pt-BR": PORTUGUESE}

STARTER = '''\
"""{title}."""

import torch

table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

# Your turn: the sum of each column.
totals = ...
'''

CHECKS = '''\
"""The requirement of the challenge on the learner's tensors."""


@check("total.shape", needs=["totals"])
def _(totals):
    expect(totals).shape(3)


@check("total.values", needs=["table", "totals"], vary={"table": lambda: torch.rand(4, 5)})
def _(table, totals):
    expect(totals).values(table.sum(dim=0))
'''

ANSWER = "table.sum(dim=0)"
MISTAKE = "table.sum(dim=1)"
TRIPS = "# trips: total.shape\n"


def new_lesson(id_: str, course_folder: Path) -> Path:
    """Create the lesson at the end of the course and return its folder. Raises `Refusal`."""
    if not LESSON_ID.fullmatch(id_):
        raise Refusal("cli.lessons.bad-id", text=id_)
    course, _ = load(course_folder)
    names = [path.name for path in course_folder.iterdir() if path.is_dir()]
    if id_ in {lesson.id for lesson in course.lessons} or any(n[3:] == id_ for n in names):
        raise Refusal("cli.lessons.taken", text=id_)
    numbers = [int(name[:2]) for name in names if re.match(r"\d\d-", name)]
    folder = course_folder / f"{max(numbers, default=0) + 1:02}-{id_}"
    path = course_folder / COURSE_FILE
    try:
        listed = _listed(path, folder.name)
        files = _files(id_, course.locales)
        if (course_folder / "schema" / "lesson.schema.json").is_file():
            files[LESSON_FILE] = SCHEMA + files[LESSON_FILE]
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        path.write_text(listed, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refusal("cli.lessons.cannot-write", reason=error.strerror or str(error)) from error
    return folder


def _files(id_: str, locales: tuple[str, ...]) -> dict[str, str]:
    module = id_.replace("-", "_")
    if module in ("solution", "checks") or module.startswith("solution_"):
        module = f"{module}_lesson"
    words = {"id": id_, "module": module, "title": id_.replace("-", " ").capitalize()}
    starter = STARTER.format(**words)
    texts = {
        f"{locale}.md": _TEXTS.get(locale_for(locale), ENGLISH).format(**words)
        for locale in locales
    }
    return {
        LESSON_FILE: LESSON.format(**words),
        **texts,
        f"{module}.py": starter,
        "solution.py": starter.replace("...", ANSWER),
        "checks.py": CHECKS,
        "wrong/other_dimension.py": TRIPS + starter.replace("...", MISTAKE),
    }


def _listed(path: Path, name: str) -> str:
    """Return course.toml with one more folder in its list, otherwise unchanged."""
    text = read_text(path)
    found = _LIST.search(text)
    if found is None:
        raise Refusal("cli.lessons.no-place", path=str(path))
    inside = found[1].rstrip()
    own_lines = "\n" in inside
    comma = "" if not inside.strip() or inside.endswith(",") else ","
    if own_lines:
        added = f'{inside}{comma}\n  "{name}",\n'
    else:
        added = f'{inside}{comma}{" " if inside.strip() else ""}"{name}"'
    listed = text[: found.start(1)] + added + text[found.end(1) :]
    toml, issue = toml_file.read(path, listed)
    lessons = toml.data.get("lessons")
    if issue is not None or not isinstance(lessons, list) or lessons[-1:] != [name]:
        raise Refusal("cli.lessons.no-place", path=str(path))
    return listed
