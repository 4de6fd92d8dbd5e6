"""Every signature that appears at a hint location is seen, however late or rarely.

Probes that see nothing new are switched off for a while. In these programs a signature changes long
after that; the independent recorder of tests/truth gives the expected signatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tensorhints.engine.results import Outcome
from truth import comparison, product
from truth.comparison import Truth

MANY_LOCATIONS = "import torch\nfor i in range(700):\n" + "".join(
    f"    v{n} = torch.ones({n + 1} + (i > 680))\n    w{n} = v{n} + 1\n" for n in range(8)
)

PROGRAMS = {
    "smaller last batch": """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        net = torch.nn.Linear(16, 4)
        def forward(x):
            h = net(x).relu()
            return h.sum(-1)
        for epoch in range(2):
            for (x,) in DataLoader(TensorDataset(torch.randn(299 * 8 + 3, 16)), batch_size=8):
                y = forward(x)
                loss = y.mean() * 2
    """,
    "smaller last slice": """
        import torch
        X = torch.randn(3203, 4)
        def forward(x):
            y = x * 2
            return y.relu()
        for i in range(0, len(X), 8):
            batch = X[i:i + 8]
            out = forward(batch)
            total = out.sum(-1)
    """,
    "a sequence that grows": """
        import torch
        x = torch.ones(1, 4)
        for i in range(150):
            x = torch.cat([x, x[-1:]])
            h = x @ x.T
            n = h.sum(0)
    """,
    "another size at step 2900, by an integer": """
        import torch
        x = torch.ones(8, 4)
        for i in range(3000):
            w = torch.ones(4, 5 if i < 2900 else 6)
            y = x @ w
            z = y.relu()
    """,
    "first seen at hit 5000, by an integer in a function": """
        import torch
        def make(n):
            size = 2 if n < 5000 else 3
            t = torch.zeros(size)
            return t
        for n in range(5003):
            r = make(n)
    """,
    "lengths at random": """
        import random
        import torch
        random.seed(0)
        data = [torch.ones(random.randint(1, 40), 4) for _ in range(1500)]
        for d in data:
            y = d * 2
            z = y.sum(0)
            k = torch.nn.functional.pad(y, (0, 1))
    """,
    "another dtype every thousand calls": """
        import torch
        def f(a):
            b = a + 1
            return b
        for i in range(4000):
            t = torch.ones(2, dtype=torch.float64 if i % 1000 == 999 else torch.float32)
            u = f(t)
    """,
    "one long batch among many of a dataset's own": """
        import torch
        class Data:
            def __iter__(self):
                for i in range(2500):
                    if i == 2300:
                        yield torch.zeros(9, 9), "long"
                    else:
                        yield torch.zeros(2, 2), "short"
        for x, kind in Data():
            y = x + 1
            if kind == "long":
                z = y.sum(0)
    """,
    "a branch taken once": """
        import torch
        x = torch.ones(3)
        for i in range(4000):
            x = x * 1.0
            if i == 3777:
                rare = torch.ones(7)
                x = torch.cat([x, rare])
        done = x
    """,
    "a call from elsewhere": """
        import torch
        def scale(t):
            r = t * 2
            return r
        for i in range(2000):
            a = scale(torch.ones(2))
        b = scale(torch.ones(3, 3))
        c = scale(torch.ones(1, dtype=torch.int32))
    """,
    "a parameter that changes, nothing else does": """
        import torch
        def ignore(t, *more, key=None):
            return 0
        for i in range(2000):
            ignore(small := torch.ones(1))
        ignore(torch.ones(5), torch.ones(6), key=torch.ones(7))
    """,
    "recursion": """
        import torch
        def tree(n):
            leaf = torch.ones(n)
            if n == 0:
                return leaf
            left = tree(n - 1)
            both = torch.cat([left, leaf])
            return both
        for depth in (1, 5, 60):
            result = tree(depth)
    """,
    "a generator": """
        import torch
        def stream(n):
            held = torch.zeros(2)
            for i in range(n):
                if i == n - 1:
                    held = torch.zeros(4)
                got = yield held
        last = None
        for item in stream(3000):
            last = item
    """,
    "gradients are frozen late": """
        import torch
        net = torch.nn.Linear(3, 3)
        x = torch.ones(2, 3)
        for step in range(1500):
            if step == 1400:
                net.requires_grad_(False)
            y = net(x)
            z = y.sum()
    """,
    "a model that drops to half precision": """
        import torch
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = torch.nn.Linear(4, 4)
            def forward(self, x):
                h = self.fc(x)
                return h.relu()
        net = Net()
        x = torch.ones(1, 4)
        for i in range(2000):
            if i == 1990:
                net, x = net.bfloat16(), x.bfloat16()
            out = net(x)
    """,
    "comprehensions of another size": """
        import torch
        for n in range(600):
            sizes = [torch.ones(k + (n > 590)) for k in (1, 2)]
            doubled = [t * 2 for t in sizes]
            table = {i: t for i, t in enumerate(doubled)}
    """,
    "unpacking another pair": """
        import torch
        def pair(i):
            if i == 2700:
                return torch.ones(9), torch.ones(8, dtype=torch.bool)
            return torch.ones(1), torch.ones(2)
        for i in range(2800):
            a, b = pair(i)
            (c, *d), e = (a, b), a
    """,
    "state of an object": """
        import torch
        class Cache:
            def __init__(self):
                self.keys = torch.zeros(0, 2)
            def add(self, k):
                self.keys = torch.cat([self.keys, k])
                view = self.keys
                return view
        cache = Cache()
        for i in range(200):
            all_keys = cache.add(torch.ones(1, 2))
    """,
    "accumulating": """
        import torch
        total = torch.zeros(1)
        for i in range(3000):
            total += 1
            if i == 2500:
                total = total.double()
            total = total * 1
        out = torch.zeros(2)
        for i in range(1000):
            out = out + (torch.ones(3, 2) if i == 900 else 0)
    """,
    "in place, then not": """
        import torch
        x = torch.zeros(4, 4)
        for i in range(2500):
            x.add_(1)
            if i == 2400:
                x.resize_(2, 8)
            y = x.t()
    """,
    "arrays of NumPy": """
        import numpy as np
        import torch
        for i in range(2500):
            a = np.zeros((2, 3 if i < 2450 else 4))
            b = torch.from_numpy(a)
            c = b.numpy().T
    """,
    "a list that is given tensors late": """
        import torch
        held = []
        for i in range(2500):
            thing = i if i < 2400 else torch.ones(i - 2399)
            if i > 2490:
                held = held + [thing]
            current = thing
    """,
    "a closure made anew": """
        import torch
        def make(bias):
            return lambda t: t + bias
        f = make(torch.ones(1))
        x = torch.ones(1)
        for i in range(2000):
            if i == 1900:
                f = make(torch.ones(4))
            y = f(x)
    """,
    "while, and a data-dependent stop": """
        import torch
        x = torch.ones(2000)
        while x.numel() > 3:
            x = x[: x.numel() - 3]
            y = x.sum()
    """,
    "masks": """
        import torch
        torch.manual_seed(0)
        x = torch.arange(60)
        for i in range(900):
            keep = torch.rand(60) > 0.5
            chosen = x[keep]
            where = keep.nonzero()
            doubled = chosen * 2
    """,
    "a helper of two places": """
        import torch
        def norm(v):
            n = v.norm()
            return v / n
        for i in range(1200):
            a = norm(torch.ones(2))
            if i % 400 == 399:
                b = norm(torch.ones(i // 400 + 3))
    """,
    "evaluation after training": """
        import torch
        net = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
        def step(x, train=True):
            out = net(x)
            loss = out.pow(2).mean()
            return loss
        for i in range(800):
            loss = step(torch.ones(8, 4))
        net.eval()
        with torch.no_grad():
            final = step(torch.ones(1, 4), train=False)
    """,
    "threads": """
        import threading
        import torch
        def work(n):
            for i in range(500):
                t = torch.ones(n + (i == 499))
                u = t * 2
        threads = [threading.Thread(target=work, args=(10 * n,)) for n in range(1, 4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """,
    "many places in one long body": "import torch\nfor i in range(700):\n"
    + "".join(
        f"    v{n} = torch.ones({n + 1} + (i > 680))\n    w{n} = v{n} + 1\n" for n in range(8)
    ),
    "a call that is stored, and one that is added": """
        import torch
        sizes = [3] * 1200
        sizes[1000] = 7
        count = [0]
        def inner():
            count[0] += 1
            a = torch.zeros(sizes[count[0] - 1])
            return a
        def outer():
            d = {}
            d["k"] = inner()
            y = d["k"] * 2
            x = torch.zeros(1)
            x = x + 1
            return y
        def adding():
            x = 0
            x += inner()
            z = x * 2
        for i in range(1100):
            outer()
        count[0] = 0
        for i in range(1100):
            adding()
    """,
    "a number that becomes a vector, and another dtype": """
        import torch
        def step(n):
            loss = torch.tensor(1.0) if n < 2500 else torch.ones(n - 2498)
            half = loss * 0.5
            if n == 2600:
                half = half.double()
            total = half + 1
            return total
        for n in range(2700):
            out = step(n)
    """,
    "a number that begins to need its gradient": """
        import torch
        w = torch.tensor(2.0)
        for step in range(3000):
            if step == 2900:
                w = w.requires_grad_()
            loss = w * 3
            more = loss + 1
    """,
    "numbers, then their batch": """
        import torch
        held = []
        for i in range(1500):
            value = torch.tensor(float(i))
            held.append(value)
            if i % 500 == 499:
                value = torch.stack(held)
                mean = value.mean()
        done = value
    """,
    "a loop in a loop of another length": """
        import torch
        for outer in range(60):
            for inner in range(40 + (outer == 57)):
                x = torch.ones(inner + 1, 2)
                y = x.sum(0)
                z = x @ y
    """,
    "a module that is imported by a function, late": """
        import torch
        def late(n):
            if n == 1200:
                from torch.nn.functional import pad
                wide = pad(torch.ones(2), (0, 3))
                return wide
            return torch.ones(2)
        for n in range(1300):
            r = late(n)
            s = r * 2
    """,
    "a while loop with an else, and a continue": """
        import torch
        n = 0
        while n < 2000:
            n += 1
            t = torch.zeros(1 if n % 700 else 4)
            if n % 2:
                continue
            u = t + 1
        else:
            t = torch.zeros(9)
        v = t
    """,
    "a decorator that doubles now and then": """
        import functools
        import torch
        calls = [0]
        def sometimes(function):
            @functools.wraps(function)
            def inner(x):
                calls[0] += 1
                result = function(x)
                return torch.cat([result, result]) if calls[0] % 900 == 0 else result
            return inner
        @sometimes
        def twice(x):
            y = x * 2
            return y
        for i in range(2000):
            out = twice(torch.ones(3))
            back = out.sum(-1, keepdim=True)
    """,
    "samples of a dataset, one of another size": """
        import torch
        from torch.utils.data import DataLoader, Dataset
        class Numbers(Dataset):
            def __len__(self):
                return 3000
            def __getitem__(self, index):
                digits = [index % 7] * (6 if index < 2900 else 5)
                x = torch.tensor(digits[:-1])
                y = torch.tensor(digits[1:], dtype=torch.float64 if index == 2950 else None)
                pair = x, y
                return x, y
        data = Numbers()
        for index in range(len(data)):
            x, y = data[index]
            sample = data[index]
        for x, y in DataLoader(data, batch_size=50, collate_fn=lambda items: items[-1]):
            z = x + 1
    """,
    "a pair that holds something else late": """
        import torch
        def pair(n):
            second = n if n < 1500 else None if n < 2000 else torch.ones(2)
            if n > 2400:
                second = torch.ones(2, requires_grad=n > 2450)
            return torch.zeros(3), second
        for n in range(2500):
            both = pair(n)
            first, second = both
            table = {"first": first, "second": second}
    """,
    "a list of numbers that holds a tensor late": """
        import torch
        def rows(n):
            held = [1, 2.0, None]
            if n == 2900:
                held = [1, torch.ones(4), None]
            part = held[:-1]
            return part
        for n in range(3000):
            r = rows(n)
            last = r[-1]
    """,
    "a range of one's own": """
        import torch
        class range:
            def __init__(self, n):
                self.n = n
            def __iter__(self):
                return iter([torch.ones(1 + (k == 600)) for k in (*[0] * self.n, 600)])
        for t in range(700):
            u = t * 2
    """,
    "try, except, finally": """
        import torch
        a = torch.ones(2)
        for i in range(2000):
            b = a if i != 1950 else torch.ones(3)
            try:
                c = a + b
            except RuntimeError:
                d = b * 2
            finally:
                e = b
    """,
    "match": """
        import torch
        def shape_of(v):
            match v:
                case {"x": x}:
                    y = x + 1
                case [x, *rest]:
                    y = x * 2
                case x:
                    y = x
            return y
        for i in range(1500):
            r = shape_of({"x": torch.ones(1)})
        r = shape_of([torch.ones(2), 1])
        r = shape_of({"x": torch.ones(3)})
        r = shape_of(torch.ones(4))
    """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fidelity").resolve()


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, Path]:
    paths = {}
    for number, (name, text) in enumerate(PROGRAMS.items()):
        paths[name] = folder / f"program_{number}.py"
        paths[name].write_text(dedent(text).lstrip(), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def truths(python: Path, files: dict[str, Path], folder: Path) -> dict[Path, Truth]:
    return comparison.record(python, list(files.values()), folder, folder / "truth")


@pytest.fixture(scope="module")
def runs(
    python: Path, files: dict[str, Path], truths: dict[Path, Truth]
) -> Iterator[dict[Path, product.ProductRun]]:
    with product.opened(python) as opened:
        yield product.run_all(opened, {path: product.request(path) for path in files.values()})


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_signature_is_missed(
    name: str,
    files: dict[str, Path],
    truths: dict[Path, Truth],
    runs: dict[Path, product.ProductRun],
) -> None:
    path = files[name]
    assert truths[path].failure is None
    assert product.problem(runs[path], [Outcome.FINISHED]) is None
    seen = runs[path].record.observations(str(path))
    verdict = comparison.compare(path, truths[path].files[path], seen)
    assert verdict.total > 0
    assert not verdict.missed, comparison.listed(verdict.missed)
    assert not verdict.wrong, comparison.listed(verdict.wrong)
