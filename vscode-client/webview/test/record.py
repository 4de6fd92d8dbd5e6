"""Record the answers of a real server in recorded/, for the tests of the pages.

The learner is new. The name of the state folder is replaced, so that recordings do not depend on
the machine.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from tensorhints.model.locales import LOCALES

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
LESSON = "tensors"
LIMIT_SECONDS = 120.0
PROGRAM = """\
import torch

torch.manual_seed(0)
rows, columns = torch.linspace(0, 1, 24).reshape(24, 1), torch.linspace(0, 1, 32)
image = torch.stack([rows.expand(24, 32), columns.expand(24, 32), (rows - columns).abs()])
digits = torch.randn(8, 16, 14, 14)
steps = torch.linspace(0, 1, 50)
counts = torch.arange(12).reshape(3, 4)
mask = digits[0, 0] > 0
holes = torch.randn(6, 6)
holes[0, 0], holes[1, 2], holes[3, 3] = float("nan"), float("inf"), -float("inf")
loss = steps.sum()
weights = torch.randn(70, 12, requires_grad=True)
"""


class Connection:
    def __init__(self, state: str) -> None:
        env = {**os.environ, "XDG_STATE_HOME": state, "XDG_DATA_HOME": state}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tensorhints", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._to: IO[bytes] = self.process.stdin
        self._from: IO[bytes] = self.process.stdout
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self.notifications: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._to.flush()

    def notify(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: object) -> Any:
        id_ = len(self._answers) + 1
        answer = self._answers[id_] = queue.Queue()
        self.send({"id": id_, "method": method, "params": params})
        return answer.get(timeout=LIMIT_SECONDS)["result"]

    def command(self, name: str, /, **argument: object) -> Any:
        params = {"command": f"tensorhints.server.{name}", "arguments": [argument]}
        return self.request("workspace/executeCommand", params)

    def wait_for(self, method: str) -> Any:
        while True:
            message = self.notifications.get(timeout=LIMIT_SECONDS)
            if message["method"] == method:
                return message["params"]

    def _read(self) -> None:
        while header := self._from.readline():
            length = int(header.split(b":")[1]) if b"Length" in header else None
            while header.strip():
                header = self._from.readline()
            message = json.loads(self._from.read(length or 0))
            if "method" not in message:
                self._answers[message["id"]].put(message)
            elif "id" in message:
                asks_settings = message["method"] == "workspace/configuration"
                result = [{}] if asks_settings else {"applied": True}
                self.send({"id": message["id"], "result": result})
            else:
                self.notifications.put(message)


def record() -> None:
    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as state:
        connection = Connection(state)

        def save(name: str, answer: object) -> None:
            text = json.dumps(answer, ensure_ascii=False, indent=1, sort_keys=True)
            text = text.replace(state, "/learner/.local/state")
            (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")

        connection.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "clientInfo": {"name": "Visual Studio Code"},
                "capabilities": {
                    "experimental": {"tensorhints": True},
                    "workspace": {"applyEdit": True, "configuration": True},
                },
                "initializationOptions": {"trusted": True, "locale": "en"},
            },
        )
        connection.notify("initialized", {})
        _record_lesson(connection, save)
        _record_tensors(connection, save, Path(state))
        connection.process.kill()
        connection.process.wait()


def _record_lesson(connection: Connection, save: Any) -> None:
    for locale in LOCALES:
        lesson = connection.command("lesson", lesson=LESSON, locale=locale)
        save(f"lesson.{locale}", lesson)
        save(f"progress.{locale}", connection.command("progress"))
    uri = Path(lesson["path"]).as_uri()
    _open(connection, uri, lesson["starter"])
    challenge = [step["id"] for step in lesson["steps"] if step["kind"] == "challenge"]
    for locale in LOCALES:
        for step in lesson["steps"]:
            page = connection.command("lesson", lesson=LESSON, step=step["id"], locale=locale)
            save(f"step-{step['id']}.{locale}", page)
            for choice in page["choices"]:
                wanted = {"lesson": LESSON, "step": step["id"], "choice": choice["id"]}
                answer = connection.command("quiz", **wanted)
                save(f"quiz-{step['id']}-{choice['id']}.{locale}", answer)
        save(f"check.{locale}", connection.command("check", lesson=LESSON, step=challenge[0]))
    connection.command("lesson", lesson=LESSON, locale="en")
    save("hint.en", connection.command("hint", lesson=LESSON, step=challenge[0]))
    while not connection.notifications.empty():
        connection.notifications.get()
    notifications = []
    texts = [
        lesson["starter"].replace("F_new = ...", "F_new = F"),
        lesson["starter"].replace("F_new = ...", "F_new = F.unsqueeze("),
        lesson["starter"].replace("F_new = ...", "F_new = F.unsqueeze(7)"),
        lesson["starter"].replace("F_new = ...", "F_new = F.unsqueeze(0)"),
    ]
    for version, text in enumerate(texts, 2):
        document = {"uri": uri, "version": version}
        change = {"textDocument": document, "contentChanges": [{"text": text}]}
        connection.notify("textDocument/didChange", change)
        connection.command("check", lesson=LESSON, step=challenge[0])
        while not connection.notifications.empty():
            message = connection.notifications.get()
            if message["method"] == "tensorhints/progress":
                notifications.append(message["params"])
    save("progress-while-typing", {"notifications": notifications})


def _record_tensors(connection: Connection, save: Any, state: Path) -> None:
    path = state / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    _open(connection, path.as_uri(), PROGRAM)
    connection.command("run", uri=path.as_uri())
    rows = connection.command("tensors", uri=path.as_uri())
    save("tensors", {"uri": path.as_uri(), **rows})
    for row in rows["rows"]:
        answer = connection.command("tensor", uri=path.as_uri(), name=row["name"])
        save(f"tensor-{row['name']}", answer)


def _open(connection: Connection, uri: str, text: str) -> None:
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    connection.notify("textDocument/didOpen", {"textDocument": document})


if __name__ == "__main__":
    record()
